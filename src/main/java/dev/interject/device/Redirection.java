package dev.interject.device;

/**
 * A redirection table entry of an IOAPIC (82093AA data sheet, 3.2.4): what one pin's interrupt is, and who gets it.
 *
 * @param bits all 64 of them
 */
public record Redirection(long bits) {

    private static final int VECTOR = 0xff;
    private static final int DELIVERY_MODE_SHIFT = 8;
    private static final int DELIVERY_MODE = 7;
    private static final long LOGICAL = 1 << 11;
    private static final long DELIVERY_PENDING = 1 << 12;
    private static final long ACTIVE_LOW = 1 << 13;
    private static final long REMOTE_IRR = 1 << 14;
    private static final long LEVEL = 1 << 15;
    private static final long MASKED = 1 << 16;
    private static final int DESTINATION_SHIFT = 56;

    public int vector() {
        return (int) bits & VECTOR;
    }

    /** 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 7 ExtINT. */
    public int deliveryMode() {
        return (int) (bits >> DELIVERY_MODE_SHIFT) & DELIVERY_MODE;
    }

    /** Logical destination mode. */
    public boolean isLogical() {
        return (bits & LOGICAL) != 0;
    }

    /** Sent, and no LAPIC has accepted it yet; KVM never sets this. */
    public boolean deliveryPending() {
        return (bits & DELIVERY_PENDING) != 0;
    }

    /** The pin is asserted when its line is low. KVM stores this and takes no notice. */
    public boolean isActiveLow() {
        return (bits & ACTIVE_LOW) != 0;
    }

    /** A level interrupt was accepted by a LAPIC and its EOI has not come. */
    public boolean remoteIrr() {
        return (bits & REMOTE_IRR) != 0;
    }

    public boolean isLevel() {
        return (bits & LEVEL) != 0;
    }

    public boolean isMasked() {
        return (bits & MASKED) != 0;
    }

    /** The APIC ID, in physical destination mode. */
    public int destination() {
        return (int) (bits >>> DESTINATION_SHIFT);
    }
}
