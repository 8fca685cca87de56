package dev.interject.device;

/**
 * A redirection table entry of an IOAPIC (82093AA data sheet, 3.2.4): the interrupt of one pin and its destination.
 *
 * @param bits the 64 bits of the entry
 */
public record Redirection(long bits) {

    /** An entry after reset: masked. */
    public static final Redirection RESET = new Redirection(1 << 16);

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

    private static final long READ_ONLY = DELIVERY_PENDING | REMOTE_IRR;
    private static final long LOWER_HALF = 0xffffffffL;

    // Intel SDM vol. 3, "Message Address Register Format" and "Message Data Register Format"
    private static final int MESSAGE_WINDOW = 0xfee00000;
    private static final int MESSAGE_DESTINATION_SHIFT = 12;
    private static final int MESSAGE_REDIRECTION_HINT = 1 << 3;
    private static final int MESSAGE_LOGICAL = 1 << 2;
    private static final int MESSAGE_LEVEL = 1 << 15;
    private static final int MESSAGE_ASSERT = 1 << 14;
    private static final int LOWEST_PRIORITY = 1;

    /** The vector, 0–255. */
    public int vector() {
        return (int) bits & VECTOR;
    }

    /** The delivery mode: 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 7 ExtINT. */
    public int deliveryMode() {
        return (int) (bits >> DELIVERY_MODE_SHIFT) & DELIVERY_MODE;
    }

    /** Whether the destination mode is logical, not physical. */
    public boolean isLogical() {
        return (bits & LOGICAL) != 0;
    }

    /** Delivery status: sent but not yet accepted by a LAPIC. KVM never sets it. */
    public boolean deliveryPending() {
        return (bits & DELIVERY_PENDING) != 0;
    }

    /** Polarity: the pin is asserted when its line is low. KVM stores it and ignores it. */
    public boolean isActiveLow() {
        return (bits & ACTIVE_LOW) != 0;
    }

    /** Remote IRR: a LAPIC has accepted a level interrupt and has not sent its EOI. */
    public boolean remoteIrr() {
        return (bits & REMOTE_IRR) != 0;
    }

    /** Whether the pin is level triggered; otherwise it is edge triggered. */
    public boolean isLevel() {
        return (bits & LEVEL) != 0;
    }

    /** Whether the pin is masked. */
    public boolean isMasked() {
        return (bits & MASKED) != 0;
    }

    /** The APIC ID, in physical destination mode. */
    public int destination() {
        return (int) (bits >>> DESTINATION_SHIFT);
    }

    /** The address of the MSI that causes the same interrupt. */
    public int messageAddress() {
        return MESSAGE_WINDOW | destination() << MESSAGE_DESTINATION_SHIFT
                | (deliveryMode() == LOWEST_PRIORITY ? MESSAGE_REDIRECTION_HINT : 0)
                | (isLogical() ? MESSAGE_LOGICAL : 0);
    }

    /** The data of the MSI that causes the same interrupt. */
    public int messageData() {
        return vector() | deliveryMode() << DELIVERY_MODE_SHIFT | (isLevel() ? MESSAGE_LEVEL | MESSAGE_ASSERT : 0);
    }

    /** Returns bits 31:0 (half 0) or 63:32 (half 1). */
    int half(int half) {
        return (int) (bits >>> Integer.SIZE * half);
    }

    /** Returns the entry after a guest wrote one half: two bits are read-only, and an edge has no remote IRR. */
    Redirection withHalf(int half, int value) {
        long written = half == 0
                ? bits & ~LOWER_HALF | value & LOWER_HALF & ~READ_ONLY | bits & READ_ONLY
                : bits & LOWER_HALF | (long) value << Integer.SIZE;
        return new Redirection((written & LEVEL) == 0 ? written & ~REMOTE_IRR : written);
    }

    /** This entry with its remote IRR set or clear. */
    public Redirection withRemoteIrr(boolean set) {
        return set == remoteIrr() ? this : new Redirection(bits ^ REMOTE_IRR);
    }
}
