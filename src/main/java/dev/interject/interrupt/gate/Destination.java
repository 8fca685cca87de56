package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.Icr.Shorthand;
import dev.interject.kvm.state.MsiMessage;

/**
 * The destination of a message, of an IOAPIC entry, or of an IPI (Intel SDM vol. 3, "Determining IPI Destination").
 *
 * @param id        an APIC ID, or in logical mode a set of LAPICs: 8 bits, or 32 bits in an IPI of an x2APIC
 * @param isLogical whether it is compared with the LAPICs' logical IDs
 * @param shorthand of an IPI; if there is one, the others do not matter
 * @param sender    the vCPU that sends an IPI, and {@link #NO_SENDER} if it is none
 * @param isWide    whether it has 32 bits
 */
record Destination(int id, boolean isLogical, Shorthand shorthand, int sender, boolean isWide) {

    static final int NO_SENDER = -1;

    /** Of 8 bits. */
    private static final int BROADCAST = 0xff;
    private static final int WIDE_BROADCAST = -1;
    private static final int FLAT = 0xf;
    private static final int CLUSTER = 0xf;
    private static final int CLUSTER_SHIFT = 4;
    private static final int X2APIC_CLUSTER_SHIFT = 16;
    private static final int X2APIC_IN_CLUSTER = 0xffff;

    static Destination of(int id, boolean isLogical) {
        return new Destination(id, isLogical, Shorthand.NONE, NO_SENDER, false);
    }

    static Destination of(MsiMessage message) {
        return of(message.destination(), message.isLogical());
    }

    static Destination of(Icr icr, int sender) {
        return new Destination(icr.destination(), icr.isLogical(), icr.shorthand(), sender, icr.isX2apic());
    }

    /** Whether it names every LAPIC by a value that is set aside for this. */
    boolean isBroadcast() {
        return shorthand == Shorthand.NONE && id == (isWide ? WIDE_BROADCAST : BROADCAST);
    }

    /** Whether the LAPICs' IDs decide whom it names. */
    boolean dependsOnIds() {
        return shorthand == Shorthand.NONE && !isBroadcast();
    }

    /** Whether it is the broadcast of 8 bits, if only beside a shorthand. */
    boolean isPhysicalBroadcast() {
        return id == BROADCAST && !isLogical;
    }

    /**
     * Whether one alone of those that it names takes the interrupt. By itself, lowest priority goes to all with the
     * broadcast of 8 bits ({@code kvm_irq_delivery_to_apic}).
     *
     * @param hasHint whether the message has the redirection hint
     */
    boolean isForOne(DeliveryMode mode, boolean hasHint) {
        return hasHint || mode == DeliveryMode.LOWEST_PRIORITY && !isPhysicalBroadcast();
    }

    /** Whether it includes a LAPIC; the LAPIC must be on. */
    boolean names(Lapic lapic) {
        return switch (shorthand) {
            case SELF -> lapic.vcpu() == sender;
            case ALL -> true;
            case OTHERS -> lapic.vcpu() != sender;
            case NONE -> isBroadcast() ? isBroadcastFor(lapic)
                    : isLogical ? namesLogically(lapic) : id == lapic.id();
        };
    }

    /**
     * A broadcast of another width than the LAPIC's IDs reaches it only if it is a message (KVM_X2APIC_API in api.rst:
     * KVM takes 0xff for a broadcast to x2APICs as well).
     */
    private boolean isBroadcastFor(Lapic lapic) {
        return sender == NO_SENDER || lapic.isX2apic() == isWide;
    }

    /** Intel SDM vol. 3, "Logical Destination Mode"; "Logical x2APIC ID". */
    private boolean namesLogically(Lapic lapic) {
        int own = lapic.logicalId();
        if (lapic.isX2apic()) {
            return own >>> X2APIC_CLUSTER_SHIFT == id >>> X2APIC_CLUSTER_SHIFT && (own & id & X2APIC_IN_CLUSTER) != 0;
        }
        return lapic.registers().destinationFormat() >>> 28 == FLAT
                ? (own & id) != 0
                : own >> CLUSTER_SHIFT == id >>> CLUSTER_SHIFT && (own & id & CLUSTER) != 0;
    }

    @Override
    public String toString() {
        if (shorthand != Shorthand.NONE) {
            return "shorthand " + shorthand.label();
        }
        return isLogical ? "logical, 0x%02x".formatted(id) : "APIC ID " + Integer.toUnsignedString(id);
    }
}
