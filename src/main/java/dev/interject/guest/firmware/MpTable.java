package dev.interject.guest.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.LittleEndian;

/** The MP table (Intel MultiProcessor Specification 1.4, chapter 4): CPUs, one ISA bus, one IOAPIC, 16 lines. */
final class MpTable {

    private static final int POINTER_BYTES = 16;
    private static final int HEADER_BYTES = 44;
    private static final int CPU_BYTES = 20;
    private static final int ENTRY_BYTES = 8;
    private static final int LINES = 16;
    private static final int CASCADE = 2;

    private static final int LAPIC = 0xfee00000;
    private static final int IOAPIC = 0xfec00000;
    private static final byte APIC_VERSION = 0x14;
    private static final byte IOAPIC_VERSION = 0x11;
    private static final byte SPECIFICATION = 4; // 1.4
    private static final byte ALL_LAPICS = (byte) 0xff;

    private static final byte CPU = 0;
    private static final byte BUS = 1;
    private static final byte IO_APIC = 2;
    private static final byte IO_INTERRUPT = 3;
    private static final byte LOCAL_INTERRUPT = 4;

    private static final byte NMI = 1;
    private static final byte EXT_INT = 3;
    private static final int FEATURES_WITH_APIC = 0x201;
    private static final int SIGNATURE = 0x600;

    private MpTable() {}

    static void place(BootMemory memory, int vcpus) {
        int entries = vcpus + 2 + LINES - 1 + 2;
        int bytes = POINTER_BYTES + HEADER_BYTES + vcpus * CPU_BYTES + (entries - vcpus) * ENTRY_BYTES;
        ByteBuffer content = LittleEndian.allocate(bytes);
        memory.placeInBios("the MP table", content.array()).ifPresent(start -> {
            content.put(0, pointer((int) start + POINTER_BYTES));
            content.put(POINTER_BYTES, table(vcpus, entries, bytes - POINTER_BYTES));
        });
    }

    private static byte[] pointer(int table) {
        ByteBuffer pointer = LittleEndian.allocate(POINTER_BYTES);
        pointer.put(0, ascii("_MP_"));
        pointer.putInt(4, table);
        pointer.put(8, (byte) 1); // its length in 16 bytes
        pointer.put(9, SPECIFICATION);
        pointer.put(10, Firmware.checksum(pointer.array()));
        return pointer.array();
    }

    private static byte[] table(int vcpus, int entries, int bytes) {
        byte ioapicId = (byte) vcpus;
        ByteBuffer table = LittleEndian.allocate(bytes);
        table.put(ascii("PCMP")).putShort((short) bytes).put(SPECIFICATION).put((byte) 0);
        table.put(ascii("INTRJCT INTERJECT   ")).putInt(0).putShort((short) 0).putShort((short) entries);
        table.putInt(LAPIC).putInt(0);
        for (int id = 0; id < vcpus; id++) {
            table.put(CPU).put((byte) id).put(APIC_VERSION).put((byte) (id == 0 ? 3 : 1));
            table.putInt(SIGNATURE).putInt(FEATURES_WITH_APIC).putLong(0);
        }
        table.put(BUS).put((byte) 0).put(ascii("ISA   "));
        table.put(IO_APIC).put(ioapicId).put(IOAPIC_VERSION).put((byte) 1).putInt(IOAPIC);
        for (int line = 0; line < LINES; line++) {
            if (line != CASCADE) {
                interrupt(table, IO_INTERRUPT, (byte) 0, line, ioapicId, line);
            }
        }
        interrupt(table, LOCAL_INTERRUPT, EXT_INT, 0, ALL_LAPICS, 0);
        interrupt(table, LOCAL_INTERRUPT, NMI, 0, ALL_LAPICS, 1);
        table.put(7, Firmware.checksum(table.array()));
        return table.array();
    }

    private static void interrupt(ByteBuffer table, byte entry, byte type, int line, byte apic, int input) {
        table.put(entry).put(type).putShort((short) 0).put((byte) 0).put((byte) line).put(apic).put((byte) input);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
