package dev.interject.guest.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

import dev.interject.device.pc.AcpiFixedHardware;
import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.LittleEndian;

/**
 * ACPI tables (ACPI Specification 6.5, chapter 5): RSDP, RSDT, FADT, an empty DSDT and, with APICs, a MADT. They lie
 * one behind the other.
 */
final class AcpiTables {

    private static final int HEADER_BYTES = 36;
    private static final int RSDP_BYTES = 20;
    private static final int RSDT_BYTES = HEADER_BYTES + 2 * Integer.BYTES;
    private static final int FADT_BYTES = 116;
    private static final int DSDT_BYTES = HEADER_BYTES;
    private static final int MADT_FIXED_BYTES = HEADER_BYTES + 8;
    private static final int LAPIC_ENTRY_BYTES = 8;
    private static final int IOAPIC_ENTRY_BYTES = 12;
    private static final int NMI_ENTRY_BYTES = 6;

    private static final int CHECKSUM = 9;
    private static final int RSDP_CHECKSUM = 8;

    private static final int LAPIC = 0xfee00000;
    private static final int IOAPIC = 0xfec00000;
    private static final int ENABLED = 1;
    private static final int HAS_PICS = 1;
    private static final byte ALL_PROCESSORS = (byte) 0xff;

    // FADT
    private static final int DSDT_POINTER = 40;
    private static final int SCI = 46;
    private static final int PM1_EVENT = 56;
    private static final int PM1_CONTROL = 64;
    private static final int PM_TIMER = 76;
    private static final int PM1_EVENT_BYTES = 88;
    private static final int PM1_CONTROL_BYTES = 89;
    private static final int PM_TIMER_BYTES = 91;
    private static final int CENTURY = 108;
    private static final int BOOT_FLAGS = 109;
    private static final int FLAGS = 112;
    private static final short SCI_LINE = 9;
    private static final short HAS_ISA_AND_8042 = 3;
    private static final int WBINVD_AND_POWER_BUTTONS_BY_METHOD = 1 | 1 << 4 | 1 << 5;

    private AcpiTables() {}

    /** Returns the address of the RSDP; empty if there is no room for the tables. */
    static OptionalLong place(BootMemory memory, int vcpus, boolean apics) {
        int madtBytes = apics
                ? MADT_FIXED_BYTES + vcpus * LAPIC_ENTRY_BYTES + IOAPIC_ENTRY_BYTES + NMI_ENTRY_BYTES
                : 0;
        int bytes = aligned(RSDP_BYTES) + aligned(RSDT_BYTES) + aligned(FADT_BYTES) + aligned(DSDT_BYTES) + madtBytes;
        // placed empty first: the tables point to each other
        ByteBuffer content = LittleEndian.allocate(bytes);
        OptionalLong address = memory.placeInBios("the ACPI tables", content.array());
        address.ifPresent(start -> write(content, (int) start, vcpus, apics ? madtBytes : 0));
        return address;
    }

    private static void write(ByteBuffer content, int start, int vcpus, int madtBytes) {
        int rsdt = aligned(RSDP_BYTES);
        int fadt = rsdt + aligned(RSDT_BYTES);
        int dsdt = fadt + aligned(FADT_BYTES);
        int madt = dsdt + aligned(DSDT_BYTES);
        content.put(0, rsdp(start + rsdt));
        content.put(rsdt, rsdt(start + fadt, madtBytes == 0 ? 0 : start + madt));
        content.put(fadt, fadt(start + dsdt));
        content.put(dsdt, sealed(header("DSDT", 2, DSDT_BYTES)));
        if (madtBytes != 0) {
            content.put(madt, madt(vcpus, madtBytes));
        }
    }

    private static int aligned(int bytes) {
        return bytes + 15 & -16;
    }

    private static byte[] rsdp(int rsdt) {
        ByteBuffer rsdp = LittleEndian.allocate(RSDP_BYTES);
        rsdp.put(0, ascii("RSD PTR "));
        rsdp.put(9, ascii("INTRJT"));
        rsdp.putInt(16, rsdt);
        rsdp.put(RSDP_CHECKSUM, Firmware.checksum(rsdp.array()));
        return rsdp.array();
    }

    /** @param madt 0 if there is none */
    private static byte[] rsdt(int fadt, int madt) {
        ByteBuffer rsdt = header("RSDT", 1, madt == 0 ? RSDT_BYTES - Integer.BYTES : RSDT_BYTES);
        rsdt.putInt(HEADER_BYTES, fadt);
        if (madt != 0) {
            rsdt.putInt(HEADER_BYTES + Integer.BYTES, madt);
        }
        return sealed(rsdt);
    }

    private static byte[] fadt(int dsdt) {
        ByteBuffer fadt = header("FACP", 1, FADT_BYTES);
        fadt.putInt(DSDT_POINTER, dsdt);
        fadt.putShort(SCI, SCI_LINE);
        fadt.putInt(PM1_EVENT, AcpiFixedHardware.EVENT_PORT).put(PM1_EVENT_BYTES, (byte) 4);
        fadt.putInt(PM1_CONTROL, AcpiFixedHardware.CONTROL_PORT).put(PM1_CONTROL_BYTES, (byte) 2);
        fadt.putInt(PM_TIMER, AcpiFixedHardware.TIMER_PORT).put(PM_TIMER_BYTES, (byte) 4);
        fadt.put(CENTURY, (byte) 0x32);
        fadt.putShort(BOOT_FLAGS, HAS_ISA_AND_8042);
        fadt.putInt(FLAGS, WBINVD_AND_POWER_BUTTONS_BY_METHOD);
        return sealed(fadt);
    }

    private static byte[] madt(int vcpus, int bytes) {
        ByteBuffer madt = header("APIC", 1, bytes);
        madt.position(HEADER_BYTES);
        madt.putInt(LAPIC).putInt(HAS_PICS);
        for (int id = 0; id < vcpus; id++) {
            madt.put((byte) 0).put((byte) LAPIC_ENTRY_BYTES).put((byte) id).put((byte) id).putInt(ENABLED);
        }
        madt.put((byte) 1).put((byte) IOAPIC_ENTRY_BYTES).put((byte) 0).put((byte) 0).putInt(IOAPIC).putInt(0);
        madt.put((byte) 4).put((byte) NMI_ENTRY_BYTES).put(ALL_PROCESSORS).putShort((short) 0).put((byte) 1);
        return sealed(madt);
    }

    private static ByteBuffer header(String signature, int revision, int bytes) {
        ByteBuffer table = LittleEndian.allocate(bytes);
        table.put(0, ascii(signature));
        table.putInt(4, bytes);
        table.put(8, (byte) revision);
        table.put(10, ascii("INTRJTINTERJCT"));
        table.putInt(24, 1);
        table.put(28, ascii("IJCT"));
        table.putInt(32, 1);
        return table;
    }

    private static byte[] sealed(ByteBuffer table) {
        table.put(CHECKSUM, Firmware.checksum(table.array()));
        return table.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
