package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Page;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * The CPU's part in long mode after the code segment: the stack frame, the handler's first instruction, and what its
 * IRETQ will find (Intel SDM vol. 3A, "64-Bit Mode Stack Frame", "Stack Switching in IA-32e Mode"; vol. 2A, "IRET").
 */
final class StackGates {

    private static final int FRAME_BYTES = 40;
    private static final int FRAME_ALIGNMENT = 16;
    private static final int RING = 3;
    private static final int PRESENT = 1;
    private static final int WRITE = 1 << 1;
    private static final int FETCH = 1 << 4;
    private static final String DOUBLE = "; the handler of that fault has the same stack: a double fault, then a triple"
            + " fault, unless its gate has a stack of its own (IST)";

    private StackGates() {}

    static void add(List<Gate> gates, GuestState state, IdtEntry entry) {
        int ring = state.cpu().special().cs().selector() & RING;
        int handlerRing = CodeSegment.ringOf(state, entry.selector(), ring);
        String name = entry.stackTable() != 0 ? "IST" + entry.stackTable()
                : handlerRing < ring ? "RSP" + handlerRing
                        : "RSP";
        long stack = entry.stackTable() != 0 ? state.cpu().tables().stack(entry.stackTable())
                : handlerRing < ring ? state.cpu().tables().stackOfRing(handlerRing) : state.cpu().registers().rsp();
        if (!name.equals("RSP")) {
            addTss(gates, name, stack);
        }
        addFrame(gates, state, name, stack & -FRAME_ALIGNMENT);
        addHandler(gates, state, entry.handler());
        addReturn(gates, state);
    }

    private static void addTss(List<Gate> gates, String name, long stack) {
        String evidence = "%s = 0x%x".formatted(name, stack);
        gates.add(stack == 0
                ? Gate.breaks(GateKind.STACK, "TSS, stack", evidence,
                        "the TSS is absent, or its entry for this stack is 0",
                        "have the guest set this stack in its TSS, and load TR")
                : Gate.open(GateKind.STACK, "TSS, stack", evidence, "the handler's stack"));
    }

    /** The CPU pushes SS, RSP, RFLAGS, CS and RIP: 40 bytes below the stack pointer, which it aligns to 16 bytes. */
    private static void addFrame(List<Gate> gates, GuestState state, String name, long top) {
        if (state.cpu().pages().at(top - 1).isEmpty()) {
            return; // not read
        }
        String place = "stack, " + name;
        String evidence = "0x%x to 0x%x".formatted(top - FRAME_BYTES, top - 1);
        Optional<String> fault = faultOfFrame(state, top - 1).or(() -> faultOfFrame(state, top - FRAME_BYTES));
        gates.add(fault.isEmpty()
                ? Gate.open(GateKind.STACK_PAGE, place, evidence, "mapped and writable")
                : Gate.breaks(GateKind.STACK_PAGE, place, evidence, "no room for the frame: " + fault.get() + DOUBLE,
                        "have the guest map this page writable, or load a valid stack pointer"));
    }

    private static Optional<String> faultOfFrame(GuestState state, long linear) {
        SpecialRegisters special = state.cpu().special();
        if (!special.isCanonical(linear)) {
            return Optional.of("#SS, error code 0x0: the address is not canonical");
        }
        Page page = state.cpu().pages().at(linear).orElse(Page.ABSENT);
        if (!page.present()) {
            return Optional.of("#PF, error code 0x%x: the page is not present".formatted(WRITE));
        }
        if (!page.writable() && special.protectsFromSupervisor()) {
            return Optional.of("#PF, error code 0x%x: the page is read-only".formatted(WRITE | PRESENT));
        }
        return page.user() && special.preventsAccessToUserPages()
                ? Optional.of("#PF, error code 0x%x: a page of ring 3, and CR4.SMAP is set".formatted(WRITE | PRESENT))
                : Optional.empty();
    }

    private static void addHandler(List<Gate> gates, GuestState state, long handler) {
        Optional<Page> page = state.cpu().pages().at(handler);
        if (page.isEmpty()) {
            return; // not read
        }
        SpecialRegisters special = state.cpu().special();
        int fetch = special.forbidsExecution() || special.preventsExecutionOfUserPages() ? FETCH : 0;
        String fault = !page.get().present() ? "error code 0x%x: the page is not present".formatted(fetch)
                : !page.get().executable() ? "error code 0x%x: the page is not executable".formatted(fetch | PRESENT)
                        : page.get().user() && special.preventsExecutionOfUserPages()
                                ? "error code 0x%x: a page of ring 3, and CR4.SMEP is set".formatted(fetch | PRESENT)
                                : "";
        String evidence = "0x%x".formatted(handler);
        gates.add(fault.isEmpty() ? Gate.open(GateKind.HANDLER_PAGE, "handler", evidence, "mapped and executable")
                : Gate.breaks(GateKind.HANDLER_PAGE, "handler", evidence,
                        "its first instruction cannot be fetched: #PF, " + fault,
                        "have the guest map the handler's page, executable"));
    }

    private static void addReturn(List<Gate> gates, GuestState state) {
        int selector = state.cpu().special().ss().selector();
        int ring = state.cpu().special().cs().selector() & RING;
        String evidence = "selector 0x%02x".formatted(selector);
        Optional<String> fault = DataSegment.faultOnReturn(state, selector, ring);
        gates.add(fault.isEmpty()
                ? Gate.open(GateKind.RETURN, "IRETQ, SS", evidence, "the handler can return to it")
                : Gate.breaks(GateKind.RETURN, "IRETQ, SS", evidence,
                        "the handler runs, and its IRETQ raises " + fault.get(),
                        "have the guest keep the descriptor of its SS in the GDT, or load SS with one that is there"));
    }
}
