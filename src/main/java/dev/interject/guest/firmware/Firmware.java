package dev.interject.guest.firmware;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.LittleEndian;

/**
 * What a PC's firmware leaves in memory.
 *
 * @param vcpus  how many CPUs the tables list
 * @param apics  whether there are LAPICs and an IOAPIC
 * @param tables whether there are ACPI tables and an MP table
 */
public record Firmware(int vcpus, boolean apics, boolean tables) {

    // The BIOS data area (IBM PC/AT technical reference)
    private static final long BIOS_DATA = 0x400;
    private static final int BIOS_DATA_BYTES = 0x100;
    private static final int COM1 = 0x00;
    private static final int EXTENDED_SEGMENT = 0x0e;
    private static final int LOW_KIB = 0x13;

    private static final short SERIAL_PORT = 0x3f8;
    private static final short EXTENDED_AT = (short) 0x9fc0;
    private static final short KIB = 639;

    /** The end of the memory below 640 KiB. */
    private static final long EXTENDED_DATA = 0x9fc00;

    /**
     * Places it beside an image. An image that lies where a table belongs is left as it is.
     *
     * @return where ACPI's tables begin
     */
    public OptionalLong place(BootMemory memory) {
        ByteBuffer data = LittleEndian.allocate(BIOS_DATA_BYTES);
        data.putShort(COM1, SERIAL_PORT);
        data.putShort(EXTENDED_SEGMENT, EXTENDED_AT);
        data.putShort(LOW_KIB, KIB);
        memory.placeIfFree("the BIOS data area", BIOS_DATA, data.array());
        Bios.place(memory);
        memory.placeIfFree("the extended BIOS data area", EXTENDED_DATA, new byte[]{1});
        if (!tables) {
            return OptionalLong.empty();
        }
        OptionalLong rsdp = AcpiTables.place(memory, vcpus, apics);
        if (apics) {
            MpTable.place(memory, vcpus);
        }
        return rsdp;
    }

    /** The byte that makes the sum of all bytes 0. */
    static byte checksum(byte[] table) {
        byte sum = 0;
        for (byte each : table) {
            sum += each;
        }
        return (byte) -sum;
    }
}
