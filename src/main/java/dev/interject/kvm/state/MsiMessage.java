package dev.interject.kvm.state;

/**
 * A message-signalled interrupt: a write of {@code data} to {@code address} (Intel SDM vol. 3, "Message Signalled
 * Interrupts").
 *
 * @param address 0xfee00000 to 0xfeefffff; bits 19:12 are the destination APIC ID
 * @param data    bits 7:0 are the vector, bits 10:8 the delivery mode, bit 15 the trigger mode
 */
public record MsiMessage(int address, int data) {

    private static final int LAPIC_WINDOW = 0xfee00000;
    private static final int DESTINATION_SHIFT = 12;
    private static final int LOGICAL = 1 << 2;
    private static final int DELIVERY_MODE_SHIFT = 8;
    private static final int DELIVERY_MODE = 7;
    private static final int LARGEST_DESTINATION = 0xff;
    private static final int LARGEST_VECTOR = 0xff;

    /**
     * Fixed delivery, edge triggered, physical destination.
     *
     * @param apicId 0–255
     * @param vector 0–255
     */
    public static MsiMessage fixed(int apicId, int vector) {
        if (apicId < 0 || apicId > LARGEST_DESTINATION || vector < 0 || vector > LARGEST_VECTOR) {
            throw new IllegalArgumentException("APIC ID %d, vector %d: both are bytes".formatted(apicId, vector));
        }
        return new MsiMessage(LAPIC_WINDOW | apicId << DESTINATION_SHIFT, vector);
    }

    /** The APIC ID that it is for, in physical destination mode. */
    public int destination() {
        return address >> DESTINATION_SHIFT & LARGEST_DESTINATION;
    }

    /** Logical destination mode (bit 2 of the address): the LAPICs' logical IDs decide. */
    public boolean isLogical() {
        return (address & LOGICAL) != 0;
    }

    /** 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 7 ExtINT. */
    public int deliveryMode() {
        return data >> DELIVERY_MODE_SHIFT & DELIVERY_MODE;
    }

    public int vector() {
        return data & LARGEST_VECTOR;
    }

    @Override
    public String toString() {
        return "0x%x <- 0x%x".formatted(address, data);
    }
}
