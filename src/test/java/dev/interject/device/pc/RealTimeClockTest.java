package dev.interject.device.pc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import dev.interject.device.PortBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealTimeClockTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MIB = 1 << 20;

    private final ManualClock clock = new ManualClock(Instant.parse("2031-12-31T23:59:58Z").toEpochMilli());
    private final RecordedLine line = new RecordedLine();
    private final PortBus ports = new PortBus();

    RealTimeClockTest() {
        new RealTimeClock(clock, line, 64 * MIB).attachTo(ports);
    }

    private int read(int register) {
        ports.write(0x70, 1, register);
        return ports.read(0x71, 1);
    }

    private void write(int register, int value) {
        ports.write(0x70, 1, register);
        ports.write(0x71, 1, value);
    }

    private List<Integer> time() {
        return List.of(read(0x32), read(9), read(8), read(7), read(4), read(2), read(0));
    }

    @Test
    void time_isInBcdAndRollsOver() {
        assertThat(time()).containsExactly(0x20, 0x31, 0x12, 0x31, 0x23, 0x59, 0x58);
        clock.advance(2 * SECOND);
        assertThat(time()).containsExactly(0x20, 0x32, 0x01, 0x01, 0x00, 0x00, 0x00);
    }

    @Test
    void time_isBinaryAndIn12HoursIfSo() {
        write(0x0b, 0x04);

        assertThat(time()).containsExactly(20, 31, 12, 31, 0x80 | 11, 59, 58);
    }

    @Test
    void timeThatTheGuestSets_runsOnFromThere() {
        write(0x0b, 0x82);
        write(0, 0x30);
        write(2, 0x15);
        write(4, 0x07);
        write(0x0b, 0x02);
        clock.advance(3 * SECOND);

        assertThat(time()).containsExactly(0x20, 0x31, 0x12, 0x31, 0x07, 0x15, 0x33);
    }

    @Test
    void updateInProgress_showsShortlyBeforeEachSecond() {
        assertThat(read(0x0a)).isEqualTo(0x26);
        clock.advance(SECOND - 100_000);
        assertThat(read(0x0a)).isEqualTo(0xa6);
    }

    /** The rates of MC146818's table 5: 15 is 2 Hz, 6 is 1,024 Hz, 3 is 8,192 Hz; 1 and 2 are 256 and 128 Hz. */
    @ParameterizedTest
    @CsvSource({"15, 2", "6, 1024", "3, 8192", "1, 256", "2, 128"})
    void periodicInterrupt_comesAtItsRate(int rate, int hertz) {
        write(0x0a, 0x20 | rate);
        write(0x0b, 0x42);
        int flags = 0;
        for (int i = 0; i < hertz; i++) {
            clock.advance(SECOND / hertz + 1);
            flags += read(0x0c) == 0xc0 ? 1 : 0;
        }

        assertThat(flags).isEqualTo(hertz);
        assertThat(line.rises()).isEqualTo(hertz);
    }

    @Test
    void flagsThatAreNotRead_holdTheLine() {
        write(0x0b, 0x42);
        clock.advance(SECOND);

        assertThat(line.rises()).isEqualTo(1);
        assertThat(line.isHigh()).isTrue();
        assertThat(read(0x0c)).isEqualTo(0xc0);
        assertThat(line.isHigh()).isFalse();
        assertThat(read(0x0c)).isZero();
    }

    @Test
    void updateInterrupt_comesEachSecond() {
        write(0x0b, 0x12);
        clock.advance(SECOND + 1);

        assertThat(read(0x0c)).isEqualTo(0x90);
    }

    @Test
    void alarm_comesAtItsTime() {
        write(1, 0x01);
        write(3, 0xc0);
        write(5, 0xff);
        write(0x0b, 0x22);
        clock.advance(2 * SECOND + 1);
        assertThat(line.isHigh()).isFalse();
        clock.advance(SECOND);

        assertThat(read(0x0c)).isEqualTo(0xb0);
    }

    @Test
    void memory_isWhereFirmwareLeavesIt() {
        assertThat(read(0x15) | read(0x16) << 8).isEqualTo(640);
        assertThat(read(0x30) | read(0x31) << 8).isEqualTo(63 * 1024);
        assertThat(read(0x34) | read(0x35) << 8).isEqualTo(48 * 16);
        assertThat(read(0x0d)).isEqualTo(0x80);
    }

    @Test
    void otherRegisters_keepWhatIsWritten() {
        write(0x0f, 0x0a);

        assertThat(read(0x8f)).isEqualTo(0x0a); // bit 7 masks NMIs
    }
}
