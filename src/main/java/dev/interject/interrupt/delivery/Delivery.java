package dev.interject.interrupt.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Segment;

/**
 * The delivery of one event, from its entry in the interrupt table to its handler's first instruction (Intel SDM vol.
 * 2A, "INT n", whose order of checks it follows; vol. 3A, "Interrupt and Exception Handling").
 */
public final class Delivery {

    private static final int WORDS = 3;
    private static final int WORDS_WITH_STACK = 5;
    private static final int WORDS_OF_VIRTUAL_8086 = 9;
    private static final int REAL_SEGMENT_SHIFT = 4;
    private static final long OFFSET_32 = 0xffff_ffffL;

    private final CpuState cpu;
    private final Context from;
    private final int vector;
    private final boolean isException;
    private final boolean pushesErrorCode;
    private final Descriptors tables;
    private final List<Step> steps = new ArrayList<>();
    private GateType gate = GateType.INTERRUPT;
    private Context handler;
    private boolean isEntered;
    private boolean isReachable = true;
    private Step firstThatFails;

    private Delivery(CpuState cpu, Context from, int vector, boolean isException, boolean pushesErrorCode) {
        this.cpu = cpu;
        this.from = from;
        this.vector = vector;
        this.isException = isException;
        this.pushesErrorCode = pushesErrorCode && from.mode().hasErrorCodes();
        this.tables = new Descriptors(cpu, CpuFault.EXTERNAL);
        this.handler = from;
    }

    /** What happens to an external interrupt or an NMI that the CPU accepts now. */
    public static Delivery ofInterrupt(CpuState cpu, int vector) {
        return walked(new Delivery(cpu, Context.of(cpu), vector, false, false));
    }

    /** What happens to an exception that the CPU raises now. */
    public static Delivery ofException(CpuState cpu, int vector) {
        return ofException(cpu, Context.of(cpu), vector);
    }

    static Delivery ofException(CpuState cpu, Context from, int vector) {
        return walked(new Delivery(cpu, from, vector, true, CpuException.hasErrorCode(vector)));
    }

    private static Delivery walked(Delivery delivery) {
        delivery.walk();
        return delivery;
    }

    /** The steps, up to one that fails on every host. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Why it does not get to the handler's first instruction by the manuals. */
    public Optional<Failure> failure() {
        return firstThatFails().flatMap(Step::failure);
    }

    Optional<Step> firstThatFails() {
        return Optional.ofNullable(firstThatFails);
    }

    /** Whether it gets to the handler, if only on hosts that do not follow each rule. */
    public boolean reachesHandler() {
        return isReachable;
    }

    /** What follows from the failure of a step; empty if it succeeds. */
    public Optional<Consequence> consequence(Step step) {
        boolean isOfHandler = step.kind() == StepKind.HANDLER && isEntered;
        return step.failure()
                .map(failure -> Consequence.of(cpu, failure, isOfHandler ? handler : from,
                        isException && !isOfHandler ? OptionalInt.of(vector) : OptionalInt.empty()));
    }

    /** The kind of the gate by which a handler is entered, this one's or a fault's that follows; empty if none is. */
    public Optional<GateType> entered() {
        return failure().isEmpty() || failsAfterEntry() ? Optional.of(gate)
                : Consequence.of(this).flatMap(Consequence::entered);
    }

    /** The kind of its gate. */
    public GateType gate() {
        return gate;
    }

    /** Whether the handler is entered, if only on hosts that do not follow each rule. */
    public boolean isEntered() {
        return isEntered;
    }

    /** Whether the handler is entered, and fails. */
    boolean failsAfterEntry() {
        return isEntered && firstThatFails().filter(step -> step.kind() == StepKind.HANDLER).isPresent();
    }

    /** The handler's context before its first instruction; what was interrupted if it is not entered. */
    Context handler() {
        return handler;
    }

    Context interrupted() {
        return from;
    }

    private void walk() {
        IdtEntry entry = IdtEntry.of(cpu, vector);
        gate = entry.type();
        String place = "IDT, vector 0x%02x".formatted(vector);
        if (entry.rule().isPresent()) {
            add(from.mode() == CpuMode.REAL ? StepKind.REAL_MODE_LIMIT : StepKind.GATE_TYPE, place, entry.evidence(),
                    "",
                    entry.rule());
        }
        if ((entry.rule().isEmpty() || entry.failure().isPresent())
                && !add(StepKind.ENTRY, place, entry.evidence(), "the handler is present", entry.failure())) {
            return;
        }
        switch (entry.type()) {
            case REAL_MODE -> enterRealMode(entry);
            case TASK -> switchTask(entry);
            case INTERRUPT_16, TRAP_16, INTERRUPT, TRAP -> enterSegment(entry);
        }
    }

    /** Returns whether the step succeeds. */
    private boolean add(StepKind kind, String place, String evidence, String meaning,
            Optional<? extends Failure> failure) {
        Step step = Step.of(kind, place, evidence, meaning, failure);
        steps.add(step);
        if (failure.isPresent() && firstThatFails == null) {
            firstThatFails = step;
        }
        isReachable &= failure.isEmpty() || kind.isNotUniversal()
                || (kind == StepKind.FRAME || kind == StepKind.HANDLER) && isUnknown(failure);
        return failure.isEmpty();
    }

    private static boolean isUnknown(Optional<? extends Failure> failure) {
        return failure.filter(Failure.Unknown.class::isInstance).isPresent();
    }

    /** Returns whether the handler can be entered on a stack that the state lacks, as far as is known. */
    private boolean pushUnknown(String place) {
        add(StepKind.FRAME, place, "not known", "", Optional.of(new Failure.Unknown(Piece.STACK_POINTER)));
        return true;
    }

    private void enterRealMode(IdtEntry entry) {
        Frame frame = new Frame(cpu, from.mode(), from.ss().db() ? "SS:ESP" : "SS:SP", from.ss(), from.stack(), WORDS,
                Short.BYTES, 0, 0);
        if (cpu.lacks(Piece.STACK_POINTER) ? pushUnknown(frame.place()) : push(frame, Optional.empty())) {
            isEntered = true;
            handler = new Context(CpuMode.REAL, 0, from.ss(), frame.bottom(), entry.selector(), entry.handler());
            fetch(((long) entry.selector() << REAL_SEGMENT_SHIFT) + entry.handler());
        }
    }

    /** The new task's own state is not looked at (Intel SDM vol. 3A, "Task-Gate Descriptor", "Task Switching"). */
    private void switchTask(IdtEntry entry) {
        int selector = entry.selector();
        add(StepKind.TASK, "GDT, TSS of the task", tables.evidence(selector),
                "the CPU switches to this task, whose own state is not checked", TaskGate.fault(tables, selector));
    }

    private void enterSegment(IdtEntry entry) {
        int selector = entry.selector();
        String place = "GDT, code segment";
        String evidence = tables.evidence(selector);
        Optional<Failure> unusable = CodeSegment.missingOnEntry(tables, selector)
                .or(() -> CodeSegment.faultOfMode(tables.at(selector), selector, from));
        if (unusable.isPresent()) {
            add(StepKind.CODE_SEGMENT, place, evidence, "", unusable);
            return;
        }
        Segment code = tables.at(selector);
        Optional<CpuFault> ofRights = CodeSegment.faultOfRights(code, selector, from);
        add(ofRights.isPresent() ? StepKind.SEGMENT_RIGHTS : StepKind.CODE_SEGMENT, place, evidence,
                "a usable code segment",
                ofRights);
        int ring = CodeSegment.ringOf(code, from.ring());
        Optional<Frame> frame = frame(entry, ring);
        if (frame.isPresent() && (isStackUnknown(entry, ring) ? pushUnknown(frame.get().place())
                : push(frame.get(), faultOfOffset(entry, code)))) {
            isEntered = true;
            Frame pushed = frame.get();
            handler = new Context(from.mode() == CpuMode.LONG ? CpuMode.LONG : CpuMode.PROTECTED, ring, pushed.ss(),
                    pushed.bottom(), selector & ~Descriptors.RING | ring, entry.handler());
            fetch(from.mode() == CpuMode.LONG ? entry.handler() : code.base() + entry.handler() & OFFSET_32);
        }
    }

    private boolean isStackUnknown(IdtEntry entry, int ring) {
        return cpu.lacks(Piece.STACK_POINTER) && entry.stackTable() == 0 && ring == from.ring();
    }

    /** The frame on the handler's stack; empty if there is none. */
    private Optional<Frame> frame(IdtEntry entry, int ring) {
        TaskState tss = new TaskState(cpu);
        if (from.mode() == CpuMode.LONG) {
            Optional<TaskState.Slot> slot = entry.stackTable() != 0 ? Optional.of(tss.ofTable(entry.stackTable()))
                    : ring < from.ring() ? Optional.of(tss.ofRing(ring)) : Optional.empty();
            if (slot.isPresent() && !addSlot(tss, slot.get(), ring)) {
                return Optional.empty();
            }
            long top = slot.map(tss::pointer).orElse(from.stack()) & -Frame.ALIGNMENT;
            return Optional.of(new Frame(cpu, CpuMode.LONG, slot.map(TaskState.Slot::name).orElse("RSP"), from.ss(),
                    top, words(WORDS_WITH_STACK), Long.BYTES, ring, 0));
        }
        int bytes = entry.type().wordBytes();
        if (ring == from.ring()) {
            return Optional.of(new Frame(cpu, from.mode(), from.ss().db() ? "SS:ESP" : "SS:SP", from.ss(),
                    from.stack(), words(WORDS), bytes, ring, 0));
        }
        TaskState.Slot slot = tss.ofRing(ring);
        if (!addSlot(tss, slot, ring)) {
            return Optional.empty();
        }
        int words = words(from.mode() == CpuMode.VIRTUAL_8086 ? WORDS_OF_VIRTUAL_8086 : WORDS_WITH_STACK);
        int selector = tss.selector(slot);
        return Optional.of(new Frame(cpu, CpuMode.PROTECTED, slot.name(), tables.at(selector), tss.pointer(slot),
                words, bytes, ring, selector));
    }

    private int words(int without) {
        return pushesErrorCode ? without + 1 : without;
    }

    /** Returns whether the TSS holds a usable stack. */
    private boolean addSlot(TaskState tss, TaskState.Slot slot, int ring) {
        Optional<CpuFault> ofLimit = tss.faultOfLimit(slot);
        if (ofLimit.isPresent()) {
            add(StepKind.TSS_LIMIT, "TSS, limit",
                    "%s, TR limit 0x%x".formatted(slot.name(), cpu.special().tr().limit()), "", ofLimit);
        }
        Optional<Failure> unreadable = tss.unreadable(slot);
        if (unreadable.isPresent()) {
            return add(StepKind.STACK_OF_TSS, "TSS, stack", slot.name(), "", unreadable);
        }
        return add(StepKind.STACK_OF_TSS, "TSS, stack", tss.text(slot), "the handler's stack", slot.hasSegment()
                ? StackSegment.faultOnSwitch(tables, tss.selector(slot), ring)
                : Optional.empty());
    }

    /** Why the handler's offset is not in its segment; checked after the room on the stack. */
    private Optional<CpuFault> faultOfOffset(IdtEntry entry, Segment code) {
        boolean isValid = from.mode() == CpuMode.LONG ? cpu.special().isCanonical(entry.handler())
                : entry.handler() <= Integer.toUnsignedLong(code.limit());
        String reason = from.mode() == CpuMode.LONG ? "the handler's address is not canonical"
                : "the handler is beyond the limit of its segment";
        return isValid ? Optional.empty()
                : Optional.of(CpuFault.of(CpuException.GENERAL_PROTECTION, CpuFault.EXTERNAL, reason));
    }

    /** Returns whether the frame can be pushed, and the handler be entered. */
    private boolean push(Frame frame, Optional<CpuFault> ofOffset) {
        Optional<CpuFault> room = frame.faultOfRoom();
        if (room.isPresent() && from.mode() != CpuMode.LONG) {
            add(StepKind.STACK_LIMIT, frame.place(), frame.evidence(), "", room);
        } else if (room.isPresent()) {
            return add(StepKind.FRAME, frame.place(), frame.evidence(), "", room);
        }
        Optional<Failure> ofPages = ofOffset.isPresent() ? Optional.empty() : frame.failureOfPages();
        if (room.isEmpty() && frame.isChecked() || ofPages.isPresent()) {
            add(StepKind.FRAME, frame.place(), frame.evidence(), "mapped and writable", ofPages);
        }
        return (ofPages.isEmpty() || isUnknown(ofPages)) && (ofOffset.isEmpty()
                || add(StepKind.HANDLER, "handler", "0x%x".formatted(IdtEntry.of(cpu, vector).handler()), "",
                        ofOffset));
    }

    private void fetch(long linear) {
        Memory memory = new Memory(cpu);
        if (memory.isChecked(linear)) {
            add(StepKind.HANDLER, "handler", "0x%x".formatted(linear), "mapped and executable",
                    memory.failureOfFetch(linear, handler.ring()));
        }
    }
}
