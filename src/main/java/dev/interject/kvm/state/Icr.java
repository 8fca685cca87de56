package dev.interject.kvm.state;

import java.util.Locale;

/**
 * The value of a LAPIC's interrupt command register, which sends an IPI (Intel SDM vol. 3, "Interrupt Command Register
 * (ICR)").
 *
 * @param bits     all 64: bits 7:0 the vector, 10:8 the delivery mode, 11 logical, 14 assert, 15 level, 19:18 the
 *                 shorthand, and from 56 (x2APIC: 32) the destination
 * @param isX2apic whether the LAPIC that sends it is in x2APIC mode
 */
public record Icr(long bits, boolean isX2apic) {

    /** Those that stand for a destination. */
    public enum Shorthand {
        /** The destination field decides. */
        NONE,
        /** The sender. */
        SELF,
        /** All LAPICs. */
        ALL,
        /** All but the sender. */
        OTHERS;

        /** As text. */
        public String label() {
            return this == OTHERS ? "all but self" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reserved in both modes; with x2APIC, KVM raises #GP for them. */
    private static final long RESERVED = 0xfff3_2000L;
    private static final int VECTOR = 0xff;
    private static final int MODE_SHIFT = 8;
    private static final int MODE = 7;
    private static final long LOGICAL = 1 << 11;
    private static final long ASSERT = 1 << 14;
    private static final long LEVEL = 1 << 15;
    private static final int SHORTHAND_SHIFT = 18;
    private static final int SHORTHAND = 3;
    private static final int DESTINATION_SHIFT = 56;
    private static final int X2APIC_DESTINATION_SHIFT = 32;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a reserved bit is set
     */
    public Icr {
        if ((bits & RESERVED) != 0) {
            throw new IllegalArgumentException(
                    "bits 31:20, 17:16 and 13 of an ICR are reserved, and this one is 0x%x".formatted(bits));
        }
    }

    /** A fixed, edge-triggered IPI to an APIC ID. */
    public static Icr fixed(int apicId, int vector, boolean isX2apic) {
        int shift = isX2apic ? X2APIC_DESTINATION_SHIFT : DESTINATION_SHIFT;
        return new Icr((long) apicId << shift | ASSERT | vector, isX2apic);
    }

    /** The vector, 0–255; of a start-up IPI, the page at which the vCPU starts. */
    public int vector() {
        return (int) bits & VECTOR;
    }

    /** The delivery mode: 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 6 start-up. */
    public int deliveryMode() {
        return (int) (bits >> MODE_SHIFT) & MODE;
    }

    /** Whether the destination mode is logical. */
    public boolean isLogical() {
        return (bits & LOGICAL) != 0;
    }

    /** Whether it is level triggered and de-asserts: it ends an INIT, and delivers nothing. */
    public boolean isDeassert() {
        return (bits & LEVEL) != 0 && (bits & ASSERT) == 0;
    }

    /** The shorthand. */
    public Shorthand shorthand() {
        return Shorthand.values()[(int) (bits >> SHORTHAND_SHIFT) & SHORTHAND];
    }

    /** The destination: 8 bits, or 32 bits in x2APIC mode. */
    public int destination() {
        return (int) (bits >>> (isX2apic ? X2APIC_DESTINATION_SHIFT : DESTINATION_SHIFT));
    }

    /** Whether the destination, and what is reserved beside it, has no more than 8 bits. */
    public boolean hasShortDestination() {
        return isX2apic ? high() >>> 8 == 0 : high() << 8 == 0;
    }

    /** Bits 31:0. */
    public int low() {
        return (int) bits;
    }

    /** Bits 63:32. */
    public int high() {
        return (int) (bits >>> Integer.SIZE);
    }
}
