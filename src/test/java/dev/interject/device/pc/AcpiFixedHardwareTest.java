package dev.interject.device.pc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PortBus;
import org.junit.jupiter.api.Test;

/** ACPI Specification 6.5, 4.8.3. */
class AcpiFixedHardwareTest {

    private static final long SECOND = 1_000_000_000;
    private static final int STATUS = 0x600;
    private static final int ENABLE = 0x602;
    private static final int CONTROL = 0x604;
    private static final int TIMER = 0x608;

    private final ManualClock clock = new ManualClock(0);
    private final PortBus ports = new PortBus();

    AcpiFixedHardwareTest() {
        new AcpiFixedHardware(clock).attachTo(ports);
    }

    @Test
    void timer_countsAt3579545HzIn24Bits() {
        assertThat(ports.read(TIMER, 4)).isZero();
        clock.advance(SECOND);
        assertThat(ports.read(TIMER, 4)).isEqualTo(3_579_545);
        assertThat(ports.read(TIMER + 1, 1) & 0xff).isEqualTo(3_579_545 >> 8 & 0xff);
        clock.advance(4 * SECOND);
        assertThat(ports.read(TIMER, 4)).isEqualTo(5 * 3_579_545 & 0xff_ffff);
        clock.advance(1_000_000 * SECOND);
        assertThat(ports.read(TIMER, 4)).isEqualTo((int) (1_000_005L * 3_579_545 & 0xff_ffff));
    }

    @Test
    void statusOfTheCarry_isSetWhenTheHighestBitChangesUntilItIsCleared() {
        clock.advance(2 * SECOND);
        assertThat(ports.read(STATUS, 2)).isZero();
        clock.advance(SECOND);
        assertThat(ports.read(STATUS, 2) & 0xffff).isEqualTo(1);
        ports.write(STATUS, 2, 0xfffe);
        assertThat(ports.read(STATUS, 1) & 0xff).isEqualTo(1);
        ports.write(STATUS, 2, 1);
        assertThat(ports.read(STATUS, 2) & 0xffff).isZero();
        clock.advance(5 * SECOND);
        assertThat(ports.read(STATUS, 2) & 0xffff).isEqualTo(1);
    }

    @Test
    void enabledEvents_areKeptExceptTheCarry() {
        ports.write(ENABLE, 2, 0x0321);
        assertThat(ports.read(ENABLE, 2) & 0xffff).isEqualTo(0x0320);
        ports.write(ENABLE + 1, 1, 0x01);
        assertThat(ports.read(STATUS, 4)).isEqualTo(0x0120_0000);
    }

    @Test
    void control_saysAcpiModeWhateverIsWritten() {
        ports.write(CONTROL, 2, 0x3400);
        assertThat(ports.read(CONTROL, 2) & 0xffff).isEqualTo(1);
    }
}
