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

class PortBusTest {

    private final PortBus bus = new PortBus();

    @ParameterizedTest
    @CsvSource({"1, 0xff", "2, 0xffff", "4, -1"})
    void readOfAnUnclaimedPort_givesAllOnesOfTheWidth(int width, int expected) {
        assertThat(bus.read(0x1234, width)).isEqualTo(expected);
    }

    @Test
    void writeToAnUnclaimedPort_isDroppedAndCounted() {
        bus.register(0x10, 0x10, new Recorder(0));

        bus.write(0x11, 1, 1);
        bus.write(0xffff, 4, 1);
        bus.write(0x10, 1, 1);

        assertThat(bus.droppedWrites()).isEqualTo(2);
    }

    @Test
    void rangeIsInclusive_andEndsThere() {
        bus.register(0x3f8, 0x3ff, new Recorder(0x42));

        assertThat(bus.read(0x3f7, 1)).isEqualTo(0xff);
        assertThat(bus.read(0x3f8, 1)).isEqualTo(0x42);
        assertThat(bus.read(0x3ff, 1)).isEqualTo(0x42);
        assertThat(bus.read(0x400, 1)).isEqualTo(0xff);
    }

    @Test
    void devicesInAnyOrder_areFoundAtTheirPorts() {
        bus.register(0x80, 0x8f, new Recorder(3));
        bus.register(0x00, 0x0f, new Recorder(1));
        bus.register(0xfff0, 0xffff, new Recorder(5));
        bus.register(0x10, 0x7f, new Recorder(2));
        bus.register(0x200, 0x200, new Recorder(4));

        assertThat(List.of(0x00, 0x0f, 0x10, 0x7f, 0x80, 0x8f, 0x200, 0xfff0, 0xffff))
                .map(port -> bus.read(port, 1))
                .containsExactly(1, 1, 2, 2, 3, 3, 4, 5, 5);
        assertThat(List.of(0x90, 0x1ff, 0x201, 0xffef)).map(port -> bus.read(port, 1)).containsOnly(0xff);
    }

    @Test
    void device_getsPortWidthAndTruncatedValue() {
        Recorder recorder = new Recorder(0);
        bus.register(0x500, 0x503, recorder);

        bus.write(0x500, 1, 0x12345678);
        bus.write(0x502, 2, 0x12345678);
        bus.write(0x503, 4, 0x12345678);
        bus.read(0x501, 2);

        assertThat(recorder.accesses).containsExactly("write 0x500 1 0x78", "write 0x502 2 0x5678",
                "write 0x503 4 0x12345678", "read 0x501 2");
        assertThat(bus.droppedWrites()).isZero();
    }

    @Test
    void widerValue_isTruncated() {
        bus.register(0x500, 0x500, new Recorder(0xcafebabe));

        assertThat(bus.read(0x500, 1)).isEqualTo(0xbe);
        assertThat(bus.read(0x500, 2)).isEqualTo(0xbabe);
        assertThat(bus.read(0x500, 4)).isEqualTo(0xcafebabe);
    }

    @ParameterizedTest
    @CsvSource({"0x20, 0x21", "0x1f, 0x20", "0x21, 0x30", "0x00, 0xffff", "0x20, 0x20"})
    void overlap_isRefusedWithBothRangesAndOwners(int firstPort, int lastPort) {
        bus.register(0x20, 0x21, new Recorder(1));

        assertThatIllegalArgumentException().isThrownBy(() -> bus.register(firstPort, lastPort, new Pic8259Pair()))
                .withMessage("0x%x-0x%x for Pic8259Pair overlaps 0x20-0x21, which Recorder owns", firstPort,
                        lastPort);
        assertThat(bus.read(0x1f, 1)).isEqualTo(0xff);
        assertThat(bus.read(0x21, 1)).isEqualTo(1);
    }

    @Test
    void neighbours_doNotOverlap() {
        bus.register(0x20, 0x21, new Recorder(2));
        bus.register(0x1f, 0x1f, new Recorder(1));
        bus.register(0x22, 0x22, new Recorder(3));

        assertThat(List.of(0x1f, 0x20, 0x21, 0x22)).map(port -> bus.read(port, 1)).containsExactly(1, 2, 2, 3);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0x10, 0x0f", "0xffff, 0x10000"})
    void invalidRange_isRefused(int firstPort, int lastPort) {
        assertThatIllegalArgumentException().isThrownBy(() -> bus.register(firstPort, lastPort, new Recorder(0)))
                .withMessageContaining("not a range of I/O ports");
    }

    @Test
    void noDevice_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> bus.register(0, 0, null)).withMessage("device");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyPort_answersWithinTheWidth(int width) {
        new Pic8259Pair().attachTo(bus);

        for (int port = 0; port <= PortBus.LAST_PORT; port++) {
            bus.write(port, width, port * 0x01010101);
            assertThat(Integer.toUnsignedLong(bus.read(port, width))).isLessThan(1L << 8 * width);
        }

        assertThat(bus.droppedWrites()).isEqualTo(0x10000 - 6);
    }

    /** Returns the same value for every read and records the accesses. */
    private static final class Recorder implements PortDevice {

        private final int answer;
        private final List<String> accesses = new ArrayList<>();

        Recorder(int answer) {
            this.answer = answer;
        }

        @Override
        public int read(int port, int width) {
            accesses.add("read 0x%x %d".formatted(port, width));
            return answer;
        }

        @Override
        public void write(int port, int width, int value) {
            accesses.add("write 0x%x %d 0x%x".formatted(port, width, value));
        }
    }
}
