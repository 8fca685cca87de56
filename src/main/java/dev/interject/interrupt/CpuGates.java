package dev.interject.interrupt;

import java.util.List;
import java.util.Locale;

/** The gates in the vCPU itself, and the guest's interrupt table behind them. */
final class CpuGates {

    /** Vectors below this one are the CPU's own exceptions (Intel SDM vol. 3, 6.3.1). */
    static final int FIRST_FREE_VECTOR = 32;

    /** The vector of the non-maskable interrupt. */
    static final int NMI_VECTOR = 2;

    private CpuGates() {}

    /** @param closed what to say where the guest is closed: KVM holds the interrupt, or nobody does */
    static void add(List<Gate> gates, GuestState state, int vector, Verdict closed) {
        boolean open = state.registers().interruptFlag();
        gates.add(new Gate("vCPU, RFLAGS.IF", open ? "IF = 1" : "IF = 0", open ? Verdict.OPEN : closed,
                open ? "maskable interrupts are let in" : "the guest has closed itself to maskable interrupts (CLI)"));
        boolean shadow = state.events().inShadow();
        gates.add(new Gate("vCPU, interrupt shadow",
                state.events().stiShadow() ? "after STI" : shadow ? "after MOV SS" : "none",
                shadow ? closed : Verdict.OPEN,
                shadow ? "held for one instruction" : "no instruction holds interrupts off"));
        boolean queued = state.events().interruptInjected();
        gates.add(queued
                ? Gate.holds("vCPU, event queue", "vector 0x%02x".formatted(state.events().interruptVector()),
                        "an interrupt is queued and goes first; a second KVM_INTERRUPT would overwrite it")
                : Gate.open("vCPU, event queue", "empty", "nothing is queued"));
        addIdt(gates, state, vector);
    }

    /** Only the first vCPU runs by itself; another waits until the guest starts it. */
    static void addActivity(List<Gate> gates, GuestState state) {
        if (state.vcpus() == 1) {
            return;
        }
        String place = "vCPU %d, MP state".formatted(state.vcpu());
        String activity = state.activity().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        gates.add(state.isStarted()
                ? Gate.open(place, activity, "it has been started")
                : Gate.breaks(place, activity, "the guest has not started it (INIT, SIPI): nothing arrives there"));
    }

    static void addNmi(List<Gate> gates, GuestState state) {
        boolean masked = state.events().nmiMasked();
        gates.add(masked
                ? Gate.holds("vCPU, NMI", "masked", "an NMI is being handled; the next goes in after its IRET")
                : Gate.open("vCPU, NMI", "not masked", "no NMI is being handled; RFLAGS.IF does not matter"));
        boolean pending = state.events().nmiPending();
        gates.add(pending
                ? Gate.holds("vCPU, NMI queue", "one pending", "another NMI waits; at most two are kept apart")
                : Gate.open("vCPU, NMI queue", "empty", "no other NMI waits"));
        addIdt(gates, state, NMI_VECTOR);
    }

    static void addVector(List<Gate> gates, int vector) {
        gates.add(vector < FIRST_FREE_VECTOR
                ? Gate.breaks("vector", "0x%02x".formatted(vector),
                        "vectors 0x00 to 0x1f are the CPU's exceptions; the handler would believe one happened")
                : Gate.open("vector", "0x%02x".formatted(vector), "not one of the CPU's exceptions"));
    }

    private static void addIdt(List<Gate> gates, GuestState state, int vector) {
        IdtEntry entry = IdtEntry.of(state, vector);
        gates.add(entry.isUsable()
                ? Gate.open("IDT, vector 0x%02x".formatted(vector), entry.evidence(), "the handler is there")
                : Gate.breaks("IDT, vector 0x%02x".formatted(vector), entry.evidence(),
                        "no handler: " + entry.fault()));
    }
}
