package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.GuestState;
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
    /** Start-up in an IPI, reserved elsewhere. */
    STARTUP("start-up"),
    EXTINT("ExtINT");

    private final String label;

    DeliveryMode(String label) {
        this.label = label;
    }

    /** @param bits the field of three bits */
    static DeliveryMode of(int bits) {
        return values()[bits];
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
     * The gate of the mode.
     *
     * @param place of the pin, message or ICR
     * @param state as the vCPU sees it that is addressed
     */
    Gate gate(GateKind kind, String place, GuestState state) {
        String where = place + ", mode";
        String fix = "use delivery mode 0 (fixed) in bits 10:8";
        boolean isIpi = kind == GateKind.ICR;
        String name = this == STARTUP && !isIpi ? "reserved" : label;
        String evidence = "%s (delivery mode %d)".formatted(name, ordinal());
        return switch (this) {
            case FIXED, LOWEST_PRIORITY -> Gate.open(kind, where, label, "an ordinary interrupt");
            case NMI -> Gate.open(kind, where, evidence, "it arrives as an NMI, at vector 2");
            case SMI -> Gate.breaks(kind, where, evidence,
                    "it puts the vCPU into system management mode, which has no handler", fix);
            case INIT -> state.vcpus() == 1 || state.cpu().isStarted()
                    ? Gate.breaks(kind, where, evidence, "it resets vCPU " + state.vcpu(), fix)
                    : Gate.misrouted(kind, where, evidence,
                            "vCPU %d waits for a start-up IPI then: no handler runs".formatted(state.vcpu()), fix);
            case STARTUP -> isIpi ? startup(kind, where, evidence, state, fix)
                    : refused(kind, where, evidence, fix);
            case RESERVED_3, EXTINT -> refused(kind, where, evidence, fix);
        };
    }

    private static Gate startup(GateKind kind, String where, String evidence, GuestState state, String fix) {
        return state.cpu().activity() == MpState.INIT_RECEIVED
                ? Gate.misrouted(kind, where, evidence, "it starts vCPU %d: no handler runs".formatted(state.vcpu()),
                        fix)
                : Gate.drops(kind, where, evidence,
                        "vCPU %d has received no INIT, and ignores it".formatted(state.vcpu()), fix);
    }

    private static Gate refused(GateKind kind, String where, String evidence, String fix) {
        return Gate.misrouted(kind, where, evidence, "the kernel's LAPIC does not accept this delivery mode", fix);
    }
}
