package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.MpState;

/**
 * What a message, a pin or an IPI makes a LAPIC deliver (82093AA data sheet, 3.2.4; Intel SDM vol. 3, "Message Data
 * Register Format", "Interrupt Command Register (ICR)").
 */
enum DeliveryMode {
    FIXED("fixed"),
    LOWEST_PRIORITY("lowest priority"),
    SMI("SMI"),
    RESERVED_3("reserved"),
    NMI("NMI"),
    INIT("INIT"),
    STARTUP("start-up"),
    EXTINT("ExtINT");

    private static final String FIX = "use delivery mode 0 (fixed) in bits 10:8";
    private static final String REMOTE_READ = "KVM keeps delivery mode 3 for itself, to wake a vCPU that waits"
            + " for a lock; by the Intel SDM (\"Interrupt Command Register (ICR)\", \"Message Data Register"
            + " Format\") it is reserved";
    private static final String STARTUP_OF_MESSAGE = "KVM takes it for a start-up; by the Intel SDM (\"Message Data"
            + " Register Format\") and the 82093AA data sheet it is reserved outside of IPIs";
    private static final String EXTINT_OF_MESSAGE = "by the Intel SDM (\"Message Data Register Format\") and the"
            + " 82093AA data sheet, the vCPU takes a vector of the 8259s then";

    private final String label;

    DeliveryMode(String label) {
        this.label = label;
    }

    /** @param bits the field of three bits */
    static DeliveryMode of(int bits) {
        return values()[bits];
    }

    /** Its name and number. */
    String evidence() {
        return "%s (delivery mode %d)".formatted(label, ordinal());
    }

    /** Whether the vector is that of a handler. */
    boolean hasVector() {
        return this == FIXED || this == LOWEST_PRIORITY;
    }

    /** Whether KVM delivers nothing if the level is not asserted ({@code __apic_accept_irq} of lapic.c). */
    boolean dependsOnLevel() {
        return hasVector() || this == INIT;
    }

    /**
     * The gate of the mode: what KVM makes of it, which is the same for a message, a pin and an IPI.
     *
     * @param place of the pin, message or ICR
     * @param state as the vCPU sees it that is addressed
     */
    Gate gate(GateKind kind, String place, GuestState state) {
        String where = place + ", mode";
        String evidence = evidence();
        if ((this == INIT || this == STARTUP) && state.lacks(Piece.ACTIVITY)) {
            return Gate.unknown(kind, where, evidence, Piece.ACTIVITY);
        }
        return switch (this) {
            case FIXED, LOWEST_PRIORITY -> Gate.open(kind, where, label, "an ordinary interrupt");
            case NMI -> Gate.open(kind, where, evidence, "it arrives as an NMI, at vector 2");
            case SMI -> state.hostRules().has(Departure.NO_SMI)
                    ? Gate.drops(kind, where, evidence, "this host's KVM delivers no SMI", FIX)
                    : Gate.breaks(kind, where, evidence,
                            "it puts the vCPU into system management mode, which has no handler", FIX);
            case RESERVED_3 -> Gate.misrouted(kind, where, evidence,
                    "KVM accepts it and ends HLT, but no handler runs", FIX).withDeparture(REMOTE_READ);
            case INIT -> state.vcpus() == 1 || state.cpu().isStarted()
                    ? Gate.breaks(kind, where, evidence, "it resets vCPU " + state.vcpu(), FIX)
                    : Gate.misrouted(kind, where, evidence,
                            "vCPU %d waits for a start-up IPI then: no handler runs".formatted(state.vcpu()), FIX);
            case STARTUP -> startup(kind, where, evidence, state)
                    .withDeparture(kind == GateKind.ICR ? "" : STARTUP_OF_MESSAGE);
            case EXTINT -> Gate.misrouted(kind, where, evidence,
                    "KVM delivers nothing: the vectors of the 8259s come by LINT0 alone", FIX)
                    .withDeparture(kind == GateKind.ICR ? "" : EXTINT_OF_MESSAGE);
        };
    }

    private static Gate startup(GateKind kind, String where, String evidence, GuestState state) {
        return state.cpu().activity() == MpState.INIT_RECEIVED
                ? Gate.misrouted(kind, where, evidence, "it starts vCPU %d: no handler runs".formatted(state.vcpu()),
                        FIX)
                : Gate.drops(kind, where, evidence,
                        "vCPU %d does not wait for a start-up, and ignores it".formatted(state.vcpu()), FIX);
    }
}
