package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Converting a guest's time-stamp counter to the host's clock, and the uncertainty. */
class GuestClockTest {

    /** 2 GHz: 1,000,000 ns are 2,000,000 cycles. The first reading is good to 100 ns, the second to 300 ns. */
    private static final GuestClock CLOCK = GuestClock.between(new ClockReading(1_000, 50_000, 1_200),
            new ClockReading(1_000_800, 2_050_000, 1_001_400));

    @ParameterizedTest
    @CsvSource({"50000, 1100", "1050000, 501100", "2050000, 1001100", "49000, 600", "2052000, 1002100"})
    void counter_isConvertedToTheHostsClock(long counter, long nanos) {
        assertThat(CLOCK.nanos(counter)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"50000, 300", "1050000, 300", "2050000, 300", "-1950000, 700", "4050000, 700"})
    void uncertainty_isThatOfTheWorseReadingAndGrowsOutsideThem(long counter, long nanos) {
        assertThat(CLOCK.uncertaintyNanos(counter)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"50000, true", "2050000, true", "49999, false", "2050001, false", "-9223372036854775808, false"})
    void counter_isCoveredFromOneReadingToTheOther(long counter, boolean covered) {
        assertThat(CLOCK.covers(counter)).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource({"2000000, true", "2004000, true", "1996000, true", "2010000, false", "1990000, false"})
    void rateReportedByKvm_matchesTheReadingsUnlessTheGuestHasSetItsCounter(int kilohertz, boolean same) {
        assertThat(CLOCK.runsAt(kilohertz)).isEqualTo(same);
    }

    @Test
    void rate_isThatBetweenTheReadings() {
        assertThat(CLOCK.kilohertz()).isEqualTo(2_000_000);
    }

    @Test
    void clockThatOverflows_continues() {
        GuestClock clock = GuestClock.between(new ClockReading(Long.MAX_VALUE - 1, -10, Long.MAX_VALUE - 1),
                new ClockReading(Long.MIN_VALUE + 8, 10, Long.MIN_VALUE + 8));

        assertThat(clock.nanos(0)).isEqualTo(Long.MIN_VALUE + 3);
    }

    @Test
    void readingsOutOfOrder_makeNoClock() {
        ClockReading reading = new ClockReading(1_000, 50_000, 1_200);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> GuestClock.between(reading, reading));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> GuestClock.between(reading, new ClockReading(1_100, 60_000, 1_300)));
    }

    @Test
    void reading_isTheMostExactOfMany() {
        AtomicLong clock = new AtomicLong(1_000);
        Iterator<Long> durations = List.of(300L, 20L, 7L, 400L).iterator();

        ClockReading reading = ClockReading.of(clock::get,
                () -> clock.addAndGet(durations.hasNext() ? durations.next() : 500));

        assertThat(reading).isEqualTo(new ClockReading(1_320, 1_327, 1_327));
        assertThat(reading.nanos()).isEqualTo(1_323);
        assertThat(reading.uncertaintyNanos()).isEqualTo(4);
    }
}
