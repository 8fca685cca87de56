package dev.interject.device.pc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PortBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pit8254Test {

    private static final long SECOND = 1_000_000_000;
    private static final int HERTZ = 1_193_182;

    private final ManualClock clock = new ManualClock(0);
    private final RecordedLine line = new RecordedLine();
    private final PortBus ports = new PortBus();

    Pit8254Test() {
        new Pit8254(clock, line).attachTo(ports);
    }

    private void program(int counter, int mode, int count) {
        ports.write(0x43, 1, counter << 6 | 0x30 | mode << 1);
        ports.write(0x40 + counter, 1, count & 0xff);
        ports.write(0x40 + counter, 1, count >> 8);
    }

    private int count(int counter) {
        ports.write(0x43, 1, counter << 6);
        return ports.read(0x40 + counter, 1) | ports.read(0x40 + counter, 1) << 8;
    }

    private int status(int counter) {
        ports.write(0x43, 1, 0xe0 | 2 << counter);
        return ports.read(0x40 + counter, 1);
    }

    private void ticks(int ticks) {
        clock.advance(ticks * SECOND / HERTZ + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void periodicMode_interruptsOnceAPeriod(int mode) {
        program(0, mode, 1193);
        clock.advance(SECOND);

        assertThat(line.rises()).isEqualTo(HERTZ / 1193);
    }

    @Test
    void periodsThatWereMissed_coalesce() {
        program(0, 2, 1193);
        clock.stall(SECOND / 2);
        assertThat(line.rises()).isEqualTo(1);
        clock.advance(SECOND / 2);

        assertThat(line.rises()).isBetween(500, 502);
    }

    @Test
    void terminalCount_interruptsOnce() {
        program(0, 0, 100);
        ticks(99);
        assertThat(line.rises()).isZero();
        clock.advance(SECOND);

        assertThat(line.rises()).isEqualTo(1);
        assertThat(line.isHigh()).as("a pulse, as from the kernel's PIT").isFalse();
    }

    @Test
    void newMode_stopsTheOldCount() {
        program(0, 2, 1193);
        ports.write(0x43, 1, 0x30);
        clock.advance(SECOND);

        assertThat(line.rises()).isZero();
    }

    @Test
    void count_countsDownAndIsLatched() {
        program(0, 2, 1000);
        ticks(10);
        ports.write(0x43, 1, 0);
        ticks(20);

        assertThat(ports.read(0x40, 1) | ports.read(0x40, 1) << 8).isEqualTo(990);
        assertThat(count(0)).isEqualTo(970);
    }

    @Test
    void squareWave_countsByTwo() {
        program(0, 3, 1000);
        ticks(10);

        assertThat(count(0)).isEqualTo(980);
    }

    @Test
    void zero_isTheLargestCount() {
        program(0, 2, 0);
        ticks(1);

        assertThat(count(0)).isEqualTo(0xffff);
    }

    @Test
    void readBack_latchesTheStatusOfEachCounter() {
        program(0, 2, 1000);
        ports.write(0x43, 1, 0xb0); // counter 2, mode 0, no count yet

        assertThat(status(0)).isEqualTo(0xb4);
        assertThat(status(2)).isEqualTo(0x70);
    }

    @Test
    void oneByteAccess_setsThatByteOnly() {
        ports.write(0x43, 1, 0x14);
        ports.write(0x40, 1, 0x80);
        assertThat(count(0) & 0xff).isEqualTo(0x80);
    }

    /** How Linux and many small kernels measure the TSC: counter 2 in mode 0, started by its gate. */
    @Test
    void counter2_showsItsOutputAtPort61() {
        ports.write(0x61, 1, 0);
        program(2, 0, 1000);
        clock.advance(SECOND);
        assertThat(ports.read(0x61, 1) & 0x20).as("the gate is closed").isZero();
        ports.write(0x61, 1, 1);
        ticks(999);
        assertThat(ports.read(0x61, 1) & 0x20).isZero();
        ticks(2);

        assertThat(ports.read(0x61, 1) & 0x21).isEqualTo(0x21);
    }

    @Test
    void refreshBit_toggles() {
        assertThat(ports.read(0x61, 1) & 0x10).isNotEqualTo(ports.read(0x61, 1) & 0x10);
    }
}
