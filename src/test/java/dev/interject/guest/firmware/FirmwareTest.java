package dev.interject.guest.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.Part;
import org.junit.jupiter.api.Test;

class FirmwareTest {

    private static final long MEMORY = 2 << 20;

    /** The memory of a guest with its firmware. */
    private static ByteBuffer memory(Firmware firmware, Part... image) {
        BootMemory memory = new BootMemory(MEMORY, List.of(image));
        firmware.place(memory);
        ByteBuffer bytes = LittleEndian.allocate((int) MEMORY);
        memory.parts().forEach(part -> bytes.put((int) part.address(), part.content()));
        return bytes;
    }

    private static String text(ByteBuffer memory, int address, int length) {
        return new String(memory.array(), address, length, StandardCharsets.US_ASCII);
    }

    private static int find(ByteBuffer memory, String signature) {
        int address = 0xf0000;
        while (address < 0x100000 && !text(memory, address, signature.length()).equals(signature)) {
            address += 16;
        }
        return address;
    }

    private static int sum(ByteBuffer memory, int address, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += memory.get(address + i);
        }
        return sum & 0xff;
    }

    /** The table at an address that the RSDT has. */
    private static int table(ByteBuffer memory, String signature) {
        int rsdt = memory.getInt(find(memory, "RSD PTR ") + 16);
        int entries = (memory.getInt(rsdt + 4) - 36) / 4;
        for (int i = 0; i < entries; i++) {
            int table = memory.getInt(rsdt + 36 + i * 4);
            if (text(memory, table, 4).equals(signature)) {
                return table;
            }
        }
        return 0;
    }

    @Test
    void acpiTables_areReachedFromTheRsdpAndAddUp() {
        ByteBuffer memory = memory(new Firmware(3, true, true));
        int rsdp = find(memory, "RSD PTR ");
        int fadt = table(memory, "FACP");
        int madt = table(memory, "APIC");

        assertThat(sum(memory, rsdp, 20)).isZero();
        assertThat(List.of(memory.getInt(rsdp + 16), fadt, madt, memory.getInt(fadt + 40)))
                .allSatisfy(table -> assertThat(sum(memory, table, memory.getInt(table + 4))).isZero());
        assertThat(text(memory, memory.getInt(fadt + 40), 4)).isEqualTo("DSDT");
    }

    @Test
    void fadt_namesThePortsOfTheFixedHardware() {
        ByteBuffer memory = memory(new Firmware(1, true, true));
        int fadt = table(memory, "FACP");

        assertThat(List.of(memory.getInt(fadt + 56), memory.getInt(fadt + 64), memory.getInt(fadt + 76)))
                .containsExactly(0x600, 0x604, 0x608);
        assertThat(List.of(memory.get(fadt + 88), memory.get(fadt + 89), memory.get(fadt + 91)))
                .containsExactly((byte) 4, (byte) 2, (byte) 4);
    }

    @Test
    void madt_listsEachCpuAndTheIoapic() {
        ByteBuffer memory = memory(new Firmware(3, true, true));
        int madt = table(memory, "APIC");

        assertThat(memory.getInt(madt + 36)).isEqualTo(0xfee00000);
        assertThat(memory.get(madt + 44 + 2 * 8 + 3)).isEqualTo((byte) 2);
        assertThat(memory.getInt(madt + 44 + 3 * 8 + 4)).isEqualTo(0xfec00000);
    }

    @Test
    void mpTable_hasAnEntryForEachCpuBusIoapicAndLine() {
        ByteBuffer memory = memory(new Firmware(2, true, true));
        int pointer = find(memory, "_MP_");
        int table = memory.getInt(pointer + 4);

        assertThat(sum(memory, pointer, 16)).isZero();
        assertThat(text(memory, table, 4)).isEqualTo("PCMP");
        assertThat(sum(memory, table, memory.getShort(table + 4))).isZero();
        assertThat(memory.getShort(table + 34)).isEqualTo((short) (2 + 1 + 1 + 15 + 2));
    }

    @Test
    void machineWithoutApics_hasNeitherMadtNorMpTable() {
        ByteBuffer memory = memory(new Firmware(1, false, true));

        assertThat(table(memory, "FACP")).isNotZero();
        assertThat(table(memory, "APIC")).isZero();
        assertThat(find(memory, "_MP_")).isEqualTo(0x100000);
    }

    @Test
    void withoutTables_onlyTheBiosDataIsThere() {
        ByteBuffer memory = memory(new Firmware(1, true, false));

        assertThat(find(memory, "RSD PTR ")).isEqualTo(0x100000);
        assertThat(memory.getShort(0x400)).isEqualTo((short) 0x3f8);
        assertThat(memory.getShort(0x413)).isEqualTo((short) 639);
    }

    @Test
    void imageInTheBiosArea_isLeftAsItIs() {
        Part image = new Part("the image", 0xf0000, new byte[0x10000], 0x10000);
        ByteBuffer memory = memory(new Firmware(1, true, true), image);

        assertThat(find(memory, "RSD PTR ")).isEqualTo(0x100000);
    }
}
