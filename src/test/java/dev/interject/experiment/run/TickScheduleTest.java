package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;

import dev.interject.guest.TimerMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the ticks of a timer are due. */
class TickScheduleTest {

    private static final double KILOHERTZ = 2_999_998.5;

    private static TickSchedule schedule(TimerMode mode, Duration period) {
        return TickSchedule.of(mode, TickSchedule.count(mode, period, KILOHERTZ), KILOHERTZ);
    }

    @ParameterizedTest
    @CsvSource({"PIT, 1000000, 1194", "PIT, 200000, 239", "PERIODIC, 1000000, 1000000", "ONE_SHOT, 1500, 1500",
        "DEADLINE, 1000000, 2999998"})
    void count_isNearestToTheRequestedPeriodAndForThePitNotBelowIt(TimerMode mode, long nanos, int count) {
        assertThat(TickSchedule.count(mode, Duration.ofNanos(nanos), KILOHERTZ)).isEqualTo(count);
    }

    /** 1,194 counts are 1,000,686 ns, and 1 ms was requested. */
    @ParameterizedTest
    @ValueSource(ints = {1, 900, 3000, 10_000_000})
    void ticksOfThePit_areDueByTheProgrammedCount(int tick) {
        assertThat(schedule(TimerMode.PIT, Duration.ofMillis(1)).lateness(tick, tick * 1_000_686.0 + 7000))
                .isEqualTo(7000);
    }

    @Test
    void latenessOfThePit_doesNotDrift() {
        TickSchedule pit = schedule(TimerMode.PIT, Duration.ofMillis(1));

        assertThat(IntStream.rangeClosed(1, 5000)).allMatch(
                tick -> pit.lateness(tick, tick * 1_000_686.0 + tick % 50) == tick % 50);
    }

    @Test
    void earlyTick_hasANegativeLateness() {
        assertThat(schedule(TimerMode.PIT, Duration.ofMillis(1)).lateness(3, 3 * 1_000_686.0 - 40)).isEqualTo(-40);
        assertThat(schedule(TimerMode.PERIODIC, Duration.ofMillis(1)).lateness(3, 3_000_000.0 - 40)).isEqualTo(-40);
    }

    @Test
    void periodicTick_isLateFromTheLatestThatWasDue() {
        TickSchedule periodic = schedule(TimerMode.PERIODIC, Duration.ofMillis(1));

        assertThat(periodic.lateness(3, 7_250_000)).isEqualTo(250_000);
        assertThat(periodic.merged(3, 7_250_000)).isEqualTo(4);
        assertThat(periodic.merged(7, 7_250_000)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ONE_SHOT", "PIT"})
    void timerThatLosesNoTick_mergesNone(TimerMode mode) {
        assertThat(schedule(mode, Duration.ofMillis(1)).merged(3, 9_999_999)).isZero();
    }

    /** A long times a million overflows after 51 minutes at 3 GHz. */
    @ParameterizedTest
    @ValueSource(longs = {50, 52, 60 * 24 * 365})
    void nanosOfCycles_doNotOverflowInTheLongestRun(long minutes) {
        Duration time = Duration.ofMinutes(minutes);

        assertThat(TickSchedule.nanos(3_000_000_000L * time.toSeconds(), 3_000_000)).isEqualTo(time.toNanos());
    }
}
