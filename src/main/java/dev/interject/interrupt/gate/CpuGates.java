package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Locale;

/** The gates in the vCPU itself. */
final class CpuGates {

    /** Vectors below this one are the CPU's own exceptions (Intel SDM vol. 3, 6.3.1). */
    static final int FIRST_FREE_VECTOR = 32;

    /** The vector of the non-maskable interrupt. */
    static final int NMI_VECTOR = 2;

    /** How many NMIs wait at most: two, or one while another is handled (api.rst, KVM_NMI). */
    private static final int NMIS_KEPT = 2;

    private CpuGates() {}

    static void addVector(List<Gate> gates, int vector) {
        gates.add(vector < FIRST_FREE_VECTOR
                ? Gate.breaks(GateKind.VECTOR, "vector", "0x%02x".formatted(vector),
                        "vectors 0x00 to 0x1f are the CPU's exceptions; the handler would believe one happened",
                        "take a vector from 0x20 to 0xff")
                : Gate.open(GateKind.VECTOR, "vector", "0x%02x".formatted(vector), "not one of the CPU's exceptions"));
    }

    /** Only the first vCPU runs by itself; another waits until the guest starts it. */
    static void addActivity(List<Gate> gates, GuestState state) {
        if (state.vcpus() == 1) {
            return;
        }
        String place = "vCPU %d, MP state".formatted(state.vcpu());
        String activity = state.cpu().activity().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        gates.add(state.cpu().isStarted()
                ? Gate.open(GateKind.ACTIVITY, place, activity, "it has been started")
                : Gate.misrouted(GateKind.ACTIVITY, place, activity,
                        "the guest has not started it (INIT, SIPI): nothing arrives there",
                        "have the first vCPU start it, as guest smp does"));
    }

    /** @param closed what to say where the guest is closed: KVM holds the interrupt, or nobody does */
    static void add(List<Gate> gates, GuestState state, Verdict closed) {
        addFlag(gates, state, closed);
        addShadow(gates, state, closed);
        boolean queued = state.cpu().events().interruptInjected();
        gates.add(queued
                ? Gate.holds(GateKind.EVENT_QUEUE, "vCPU, event queue",
                        "vector 0x%02x".formatted(state.cpu().events().interruptVector()),
                        "an interrupt is queued and goes first; a second KVM_INTERRUPT would overwrite it",
                        "let the guest run: the queued one is delivered at the next entry")
                : Gate.open(GateKind.EVENT_QUEUE, "vCPU, event queue", "empty", "nothing is queued"));
    }

    /**
     * What {@code KVM_RUN} left of {@code ready_for_interrupt_injection}. It is as old as that; where the gates before
     * it are all open, the next run opens this one, too.
     */
    static void addWindow(List<Gate> gates, GuestState state, Verdict closed) {
        String evidence = "ready_for_interrupt_injection = %d".formatted(state.cpu().ready() ? 1 : 0);
        gates.add(state.cpu().ready() || state.cpu().acceptsInterrupts()
                ? Gate.open(GateKind.WINDOW, "vCPU, injection window", evidence,
                        state.cpu().ready() ? "the last run left it open" : "the next run opens it")
                : Gate.of(closed, GateKind.WINDOW, "vCPU, injection window", evidence,
                        "the guest takes no vector from outside now; the gates before this one say why",
                        "wait for the window: request_interrupt_window has KVM_RUN return when it opens"));
    }

    private static void addFlag(List<Gate> gates, GuestState state, Verdict closed) {
        gates.add(state.cpu().registers().interruptFlag()
                ? Gate.open(GateKind.INTERRUPT_FLAG, "vCPU, RFLAGS.IF", "IF = 1", "maskable interrupts are let in")
                : Gate.of(closed, GateKind.INTERRUPT_FLAG, "vCPU, RFLAGS.IF", "IF = 0",
                        "the guest has closed itself to maskable interrupts (CLI)",
                        "have the guest execute STI, or IRET to code with IF = 1"));
    }

    private static void addShadow(List<Gate> gates, GuestState state, Verdict closed) {
        boolean shadow = state.cpu().events().inShadow();
        String evidence = state.cpu().events().stiShadow() ? "after STI" : shadow ? "after MOV SS" : "none";
        gates.add(shadow
                ? Gate.of(closed, GateKind.SHADOW, "vCPU, interrupt shadow", evidence,
                        "held for one instruction", "let the guest execute one more instruction")
                : Gate.open(GateKind.SHADOW, "vCPU, interrupt shadow", evidence,
                        "no instruction holds interrupts off"));
    }

    static void addNmi(List<Gate> gates, GuestState state) {
        int kept = state.cpu().events().nmiMasked() ? NMIS_KEPT - 1 : NMIS_KEPT;
        gates.add(state.cpu().events().nmiMasked()
                ? Gate.holds(GateKind.NMI_MASK, "vCPU, NMI", "masked",
                        "an NMI is being handled; the next goes in after its IRET",
                        "let the guest's NMI handler execute IRET")
                : Gate.open(GateKind.NMI_MASK, "vCPU, NMI", "not masked",
                        "no NMI is being handled; RFLAGS.IF does not matter"));
        addShadow(gates, state, Verdict.HOLDS); // after MOV SS by the manual; after STI on most CPUs
        int pending = state.cpu().events().nmisPending();
        gates.add(pending >= kept
                ? Gate.of(Verdict.COALESCES, GateKind.NMI_QUEUE, "vCPU, NMI queue", pending + " pending",
                        "no more than %d are kept: this one is merged with them".formatted(kept),
                        "wait until the guest has taken those that wait")
                : Gate.open(GateKind.NMI_QUEUE, "vCPU, NMI queue", pending == 0 ? "empty" : "one pending",
                        pending == 0 ? "no other NMI waits" : "another NMI goes first, and this one after it"));
        TableGates.add(gates, state, NMI_VECTOR);
    }
}
