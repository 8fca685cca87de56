package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MmioBusTest {

    private final MmioBus bus = new MmioBus();

    @Test
    void access_reachesItsOwnerWithTheOffset() {
        Recorder device = new Recorder(0x1234);
        bus.register(0xfec00000L, 0x100, device);

        assertThat(bus.read(0xfec00000L, 4)).isEqualTo(0x1234);
        bus.write(0xfec000ffL, 4, 0x55);

        assertThat(device.accesses).containsExactly("read 0x0 4", "write 0xff 4 0x55");
    }

    @ParameterizedTest
    @CsvSource({"1, ff", "2, ffff", "3, ffffff", "4, ffffffff", "7, ffffffffffffff", "8, ffffffffffffffff"})
    void values_areTruncatedToTheirWidth(int width, String allOnes) {
        Recorder device = new Recorder(-1);
        bus.register(0, 0x10, device);

        bus.write(0, width, -1);

        assertThat(device.accesses).containsExactly("write 0x0 %d 0x%s".formatted(width, allOnes));
        assertThat(bus.read(0, width)).isEqualTo(Long.parseUnsignedLong(allOnes, 16));
        assertThat(bus.read(0x10, width)).isEqualTo(Long.parseUnsignedLong(allOnes, 16));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xfebfffffL, 0xfec00100L, 0xfffffffffec00000L, Long.MIN_VALUE, -1})
    void addressWithoutADevice_readsAllOnesAndDropsWrites(long address) {
        Recorder device = new Recorder(0);
        bus.register(0xfec00000L, 0x100, device);

        bus.write(address, 4, 0);

        assertThat(bus.read(address, 4)).isEqualTo(0xffffffffL);
        assertThat(bus.droppedWrites()).isEqualTo(1);
        assertThat(device.accesses).isEmpty();
    }

    @Test
    void neighbours_doNotOverlap() {
        bus.register(0x20, 2, new Recorder(2));
        bus.register(0x1f, 1, new Recorder(1));
        bus.register(0x22, 1, new Recorder(3));

        assertThat(List.of(0x1f, 0x20, 0x21, 0x22)).map(address -> bus.read(address, 1))
                .containsExactly(1L, 2L, 2L,
                        3L);
    }

    @ParameterizedTest
    @CsvSource({"0x1f, 2", "0x21, 1", "0x10, 0x100"})
    void overlap_isRefusedByName(long address, long bytes) {
        bus.register(0x20, 2, new Recorder(0));

        assertThatIllegalArgumentException().isThrownBy(() -> bus.register(address, bytes, new Recorder(0)))
                .withMessageContaining("for Recorder overlaps 0x20-0x21, which Recorder owns");
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "0, 0", "0, -1", "0x7fffffffffffffff, 2"})
    void invalidRange_isRefused(long address, long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> bus.register(address, bytes, new Recorder(0)))
                .withMessageContaining("not a range of addresses");
    }

    @Test
    void noDevice_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> bus.register(0, 1, null)).withMessage("device");
    }

    /** Returns the same value for every read and records the accesses. */
    private static final class Recorder implements MmioDevice {

        private final long answer;
        private final List<String> accesses = new ArrayList<>();

        Recorder(long answer) {
            this.answer = answer;
        }

        @Override
        public long read(long offset, int width) {
            accesses.add("read 0x%x %d".formatted(offset, width));
            return answer;
        }

        @Override
        public void write(long offset, int width, long value) {
            accesses.add("write 0x%x %d 0x%x".formatted(offset, width, value));
        }
    }
}
