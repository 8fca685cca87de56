package dev.interject.kvm.state;

/**
 * A message-signalled interrupt: a write of {@code data} to {@code address} (Intel SDM vol. 3, "Message Signalled
 * Interrupts").
 *
 * @param address bits 19:12 are the destination APIC ID; KVM delivers only to 0xfee00000 to 0xfeefffff
 * @param data    bits 7:0 are the vector, bits 10:8 the delivery mode, bit 15 the trigger mode
 */
public record MsiMessage(int address, int data) {

    private static final int LAPIC_WINDOW = 0xfee00000;
    private static final int DESTINATION_SHIFT = 12;
    private static final int LOGICAL = 1 << 2;
    private static final int REDIRECTION_HINT = 1 << 3;
    private static final int ASSERT = 1 << 14;
    private static final int LEVEL = 1 << 15;
    private static final int DELIVERY_MODE_SHIFT = 8;
    private static final int DELIVERY_MODE = 7;
    private static final int LARGEST_DESTINATION = 0xff;
    private static final int LARGEST_VECTOR = 0xff;

    /**
     * A message of fixed delivery, edge triggered, with a physical destination.
     *
     * @param apicId 0–255
     * @param vector 0–255
     * @throws IllegalArgumentException if one is out of range
     */
    public static MsiMessage fixed(int apicId, int vector) {
        Range.check("the APIC ID", apicId, LARGEST_DESTINATION);
        Range.check("the vector", vector, LARGEST_VECTOR);
        return new MsiMessage(LAPIC_WINDOW | apicId << DESTINATION_SHIFT, vector);
    }

    /** The destination's APIC ID, in physical destination mode. */
    public int destination() {
        return address >> DESTINATION_SHIFT & LARGEST_DESTINATION;
    }

    /** Logical destination mode (bit 2 of the address): LAPICs compare their logical IDs. */
    public boolean isLogical() {
        return (address & LOGICAL) != 0;
    }

    /** The redirection hint (bit 3 of the address): one of the LAPICs that the destination names takes it. */
    public boolean hasRedirectionHint() {
        return (address & REDIRECTION_HINT) != 0;
    }

    /** Whether it is level triggered (bit 15 of the data) and not asserted (bit 14). */
    public boolean isDeassert() {
        return (data & LEVEL) != 0 && (data & ASSERT) == 0;
    }

    /** The delivery mode: 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 7 ExtINT. */
    public int deliveryMode() {
        return data >> DELIVERY_MODE_SHIFT & DELIVERY_MODE;
    }

    /** The vector, 0–255. */
    public int vector() {
        return data & LARGEST_VECTOR;
    }

    @Override
    public String toString() {
        return "0x%x <- 0x%x".formatted(address, data);
    }
}
