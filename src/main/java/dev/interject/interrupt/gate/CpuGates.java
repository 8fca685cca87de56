package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/** The gates in the vCPU. */
final class CpuGates {

    /** Vectors below this one are the CPU's own exceptions (Intel SDM vol. 3, 6.3.1). */
    private static final int FIRST_FREE_VECTOR = 32;

    /** A PC's BIOS puts its 8259s' lines here in real mode, where few exceptions exist. */
    private static final int FIRST_FREE_VECTOR_OF_REAL_MODE = 8;

    /** The vector of the non-maskable interrupt. */
    static final int NMI_VECTOR = CpuException.NMI;

    /** The most NMIs that KVM keeps pending: two, or one while an NMI handler runs (api.rst, KVM_NMI). */
    private static final int NMIS_KEPT = 2;

    private CpuGates() {}

    /** Whether a handler of this vector takes an interrupt for an exception of the CPU. */
    static boolean isException(GuestState state, int vector) {
        return vector < (state.cpu().special().inRealMode() ? FIRST_FREE_VECTOR_OF_REAL_MODE : FIRST_FREE_VECTOR);
    }

    static void addVector(List<Gate> gates, GuestState state, int vector) {
        if (vector == GatePath.NO_VECTOR) {
            return;
        }
        gates.add((isException(state, vector)
                ? Gate.breaks(GateKind.VECTOR, "vector", "0x%02x".formatted(vector),
                        "vectors 0x00 to 0x1f are CPU exceptions: the handler would treat it as one",
                        "use a vector from 0x20 to 0xff")
                : Gate.open(GateKind.VECTOR, "vector", "0x%02x".formatted(vector), "not a CPU exception"))
                .unless(state, piecesOfMode(vector)));
    }

    /** What decides whether a vector is an exception, beside the vector. */
    static Piece[] piecesOfMode(int vector) {
        boolean depends = vector >= FIRST_FREE_VECTOR_OF_REAL_MODE && vector < FIRST_FREE_VECTOR;
        return depends ? new Piece[]{Piece.SPECIAL_REGISTERS} : new Piece[0];
    }

    /** Only vCPU 0 runs after reset; the guest starts the others. */
    static void addActivity(List<Gate> gates, GuestState state) {
        if (state.vcpus() == 1) {
            return;
        }
        String place = "vCPU %d, MP state".formatted(state.vcpu());
        String activity = state.cpu().activity().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        gates.add((state.cpu().isStarted()
                ? Gate.open(GateKind.ACTIVITY, place, activity, "the guest has started it")
                : Gate.misrouted(GateKind.ACTIVITY, place, activity,
                        "the guest has not started it (INIT, SIPI), so it takes no interrupt",
                        "have vCPU 0 start it, as guest smp does"))
                .unless(state, Piece.ACTIVITY));
    }

    /** @param closed the verdict while the guest cannot take interrupts: whether KVM holds one or nothing does */
    static void add(List<Gate> gates, GuestState state, Verdict closed) {
        addFlag(gates, state, closed);
        addShadow(gates, state, closed);
        gates.add(QueueGate.of(state, closed));
    }

    /**
     * {@code ready_for_interrupt_injection}, as the last {@code KVM_RUN} left it. If the gates before it are open, the
     * next run opens this one.
     */
    static void addWindow(List<Gate> gates, GuestState state, Verdict closed) {
        String evidence = "ready_for_interrupt_injection = %d".formatted(state.cpu().ready() ? 1 : 0);
        boolean accepts = state.cpu().acceptsInterrupts()
                && Stream.of(Piece.FLAGS, Piece.SHADOW, Piece.EVENTS).noneMatch(state::lacks);
        if (state.lacks(Piece.READY) && !accepts) {
            gates.add(Gate.unknown(GateKind.WINDOW, "vCPU, injection window", Piece.READY));
            return;
        }
        gates.add(state.cpu().ready() || state.cpu().acceptsInterrupts()
                ? Gate.open(GateKind.WINDOW, "vCPU, injection window", evidence,
                        state.cpu().ready() ? "open since the last KVM_RUN" : "the next KVM_RUN opens it")
                : Gate.of(closed, GateKind.WINDOW, "vCPU, injection window", evidence,
                        "the guest cannot take a vector now; the gates above say why",
                        "set request_interrupt_window: KVM_RUN returns when the window opens"));
    }

    private static void addFlag(List<Gate> gates, GuestState state, Verdict closed) {
        gates.add((state.cpu().registers().interruptFlag()
                ? Gate.open(GateKind.INTERRUPT_FLAG, "vCPU, RFLAGS.IF", "IF = 1", "maskable interrupts are enabled")
                : Gate.of(closed, GateKind.INTERRUPT_FLAG, "vCPU, RFLAGS.IF", "IF = 0",
                        "the guest has disabled maskable interrupts (CLI)",
                        "have the guest execute STI, or IRET to code with IF = 1"))
                .unless(state, Piece.FLAGS));
    }

    private static void addShadow(List<Gate> gates, GuestState state, Verdict closed) {
        boolean shadow = state.cpu().events().inShadow();
        boolean isEndless = state.cpu().halted(); // only KVM_SET_VCPU_EVENTS makes it: HLT itself ends a shadow
        String evidence = shadow ? "after " + state.cpu().events().shadow() : "none";
        gates.add((shadow
                ? Gate.of(closed, GateKind.SHADOW, "vCPU, interrupt shadow", evidence,
                        isEndless ? "interrupts are blocked for one instruction, and a vCPU in HLT executes none"
                                : "interrupts are blocked for one instruction",
                        isEndless ? "clear the shadow (KVM_SET_VCPU_EVENTS), or end HLT (KVM_SET_MP_STATE)"
                                : "let the guest execute one more instruction")
                : Gate.open(GateKind.SHADOW, "vCPU, interrupt shadow", evidence,
                        "no shadow of STI or MOV SS"))
                .unless(state, Piece.SHADOW));
    }

    static void addNmi(List<Gate> gates, GuestState state, boolean isExpected) {
        boolean isOneTaken = state.cpu().events().nmiMasked() || state.cpu().events().nmiInjected();
        int kept = isOneTaken ? NMIS_KEPT - 1 : NMIS_KEPT;
        gates.add((state.cpu().events().nmiMasked()
                ? Gate.holds(GateKind.NMI_MASK, "vCPU, NMI", "masked",
                        "an NMI handler is running; the next NMI is delivered after its IRET",
                        "let the guest's NMI handler execute IRET")
                : Gate.open(GateKind.NMI_MASK, "vCPU, NMI", "not masked",
                        "no NMI handler is running; RFLAGS.IF does not matter"))
                .unless(state, Piece.EVENTS));
        addShadow(gates, state, Verdict.HOLDS); // after MOV SS by the manual; after STI on most CPUs
        QueueGate.ofNmi(state).ifPresent(gates::add);
        int pending = state.cpu().events().nmisPending();
        gates.add((pending >= kept
                ? Gate.of(Verdict.COALESCES, GateKind.NMI_QUEUE, "vCPU, NMI queue", pending + " pending",
                        "KVM keeps at most %d: this one coalesces".formatted(kept),
                        "wait until the guest has taken the pending ones")
                : Gate.open(GateKind.NMI_QUEUE, "vCPU, NMI queue", pending == 0 ? "empty" : "one pending",
                        pending == 0 ? "no other NMI is pending" : "the pending NMI is delivered first"))
                .unless(state, Piece.EVENTS));
        TableGates.addDelivery(gates, state, NMI_VECTOR);
        gates.add((isExpected
                ? Gate.open(GateKind.NMI_HANDLER, "NMI handler", "vector 0x02", "the guest expects NMIs")
                : Gate.breaks(GateKind.NMI_HANDLER, "NMI handler", "vector 0x02",
                        "the guest expects no NMI: its handler of vector 2 reports an exception and stops",
                        "use a guest that takes NMIs: nmi, slow or smp"))
                .unless(state, Piece.EXPECTS_NMIS));
        TableGates.addReturn(gates, state, NMI_VECTOR);
    }
}
