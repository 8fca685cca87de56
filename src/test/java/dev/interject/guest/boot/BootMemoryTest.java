package dev.interject.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;

import org.junit.jupiter.api.Test;

class BootMemoryTest {

    private static final long MIB = 1 << 20;

    private static Part part(String name, long address, long bytes) {
        return new Part(name, address, new byte[0], bytes);
    }

    private static UnbootableImageException refusal(long memory, Part... parts) {
        return assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> new BootMemory(memory, List.of(parts)))
                .actual();
    }

    @Test
    void bssOfFourGib_isRefusedWithoutAllocatingIt() {
        UnbootableImageException refusal = refusal(128 * MIB, part("segment 2", MIB, 4L << 30));

        assertThat(refusal).hasMessage("segment 2 ends at 0x100100000, beyond the guest's memory of 128 MiB");
        assertThat(refusal.fix()).isEqualTo("link the image below 3 GiB");
    }

    @Test
    void imageThatMoreMemoryWouldHold_saysHowMuch() {
        assertThat(refusal(8 * MIB, part("segment 1", MIB, 9 * MIB + 1)).fix())
                .isEqualTo("give the guest at least 11 MiB of memory");
    }

    @Test
    void partsThatOverlap_areRefused() {
        assertThat(refusal(8 * MIB, part("segment 1", MIB, 0x1000), part("segment 2", MIB + 0xfff, 1)))
                .hasMessage("segment 2 (0x100fff-0x100fff) overlaps segment 1 (0x100000-0x100fff)");
    }

    @Test
    void smallData_liesBelow640KibAndNotOnTheImage() {
        BootMemory memory = new BootMemory(8 * MIB, List.of(part("the image", 0x9e000, 0x1000)));

        assertThat(memory.placeLow("a", new byte[10])).isEqualTo(0x9f000);
        assertThat(memory.placeLow("b", new byte[0x1001])).isEqualTo(0x9c000);
        assertThat(memory.parts()).hasSize(3);
    }

    @Test
    void module_liesBehindTheImage() {
        BootMemory memory = new BootMemory(8 * MIB, List.of(part("the image", MIB, 0x1001)));

        assertThat(memory.placeModule("initrd", new byte[1])).isEqualTo(MIB + 0x2000);
    }

    @Test
    void initrd_liesAsHighAsTheKernelAllows() {
        BootMemory memory = new BootMemory(8 * MIB, List.of());

        assertThat(memory.placeHigh("initrd", new byte[0x1001], 4 * MIB)).isEqualTo(4 * MIB - 0x2000);
        assertThat(memory.placeHigh("initrd", new byte[1], 1L << 40)).isEqualTo(8 * MIB - 0x1000);
    }

    @Test
    void initrdWithoutRoom_isRefused() {
        BootMemory memory = new BootMemory(2 * MIB, List.of());

        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> memory.placeHigh("the initrd", new byte[(int) MIB + 1], 1L << 40))
                .withMessage("there is no room for the initrd of 1,048,577 bytes in the guest's memory of 2 MiB");
    }

    @Test
    void map_leavesOutTheBiosAndEndsWithTheMemory() {
        assertThat(new BootMemory(8 * MIB, List.of()).map()).last().isEqualTo(new MemoryRange(MIB, 7 * MIB, true));
        assertThat(new BootMemory(MIB, List.of()).map()).last().isEqualTo(new MemoryRange(0xf0000, 0x10000, false));
    }
}
