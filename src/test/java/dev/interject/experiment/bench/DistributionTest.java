package dev.interject.experiment.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Times, summed up. */
class DistributionTest {

    private static final Percentage THREE_DIGITS = Percentage.withPercentage(0.1);

    private static Distribution of(long... times) {
        Distribution distribution = new Distribution();
        distribution.add(times, 0, times.length);
        return distribution;
    }

    @Test
    void percentiles_areThoseOfTheSortedTimes() {
        Distribution thousand = of(LongStream.rangeClosed(1, 1000).map(i -> 1000 * (1001 - i)).toArray());

        assertThat(thousand.count()).isEqualTo(1000);
        assertThat(thousand.min()).isCloseTo(1_000, THREE_DIGITS);
        assertThat(thousand.at(50)).isCloseTo(500_000, THREE_DIGITS);
        assertThat(thousand.at(90)).isCloseTo(900_000, THREE_DIGITS);
        assertThat(thousand.at(99.9)).isCloseTo(999_000, THREE_DIGITS);
        assertThat(thousand.max()).isCloseTo(1_000_000, THREE_DIGITS);
        assertThat(thousand.mean()).isCloseTo(500_500, within(500.0));
    }

    @Test
    void timeBeforeItsCause_countsAsZero() {
        assertThat(of(-5, 20).min()).isZero();
    }

    @Test
    void range_isAllThatIsAdded() {
        Distribution distribution = new Distribution();
        distribution.add(new long[]{7, 1, 2, 3, 9}, 1, 4);

        assertThat(distribution.count()).isEqualTo(3);
        assertThat(distribution.max()).isEqualTo(3);
    }

    @Test
    void bars_holdEveryTimeOnceAndLeaveNoGap() {
        List<Distribution.Bar> bars = of(100, 101, 150, 5000, 5001, 77_000).bars();

        assertThat(bars.stream().mapToLong(Distribution.Bar::count).sum()).isEqualTo(6);
        assertThat(bars.getFirst().from()).isEqualTo(100);
        assertThat(bars.getFirst().count()).isEqualTo(2);
        for (int i = 1; i < bars.size(); i++) {
            assertThat(bars.get(i).from()).isEqualTo(bars.get(i - 1).to());
        }
        assertThat(bars.getLast().to()).isGreaterThan(77_000);
    }

    @Test
    void noTimes_haveNoBars() {
        assertThat(new Distribution().bars()).isEmpty();
    }

    @Test
    void ratio_isTheMedianOfThePairsWithTheirQuartiles() {
        assertThat(Ratio.of(List.of(5.0, 1.0, 2.0, 4.0, 3.0))).isEqualTo(new Ratio(3, 2, 4));
        assertThat(Ratio.of(List.of(2.0, 1.0))).isEqualTo(new Ratio(1.5, 1.25, 1.75));
        assertThat(Ratio.of(List.of(0.5))).isEqualTo(new Ratio(0.5, 0.5, 0.5));
    }

    @Test
    void pairsOfRounds_areComparedEachByItself() {
        Series mine = new Series();
        Series its = new Series();
        mine.addWarmUp(new long[]{1_000_000});
        mine.add(new long[]{9_000, 20, 20, 20}, 1); // the first is warm-up
        mine.add(new long[]{9_000, 300, 300, 300}, 1);
        its.add(new long[]{10, 10, 10}, 0);
        its.add(new long[]{100, 100, 100}, 0);

        assertThat(mine.to(its, 50)).isEqualTo(new Ratio(2.5, 2.25, 2.75));
        assertThat(mine.all().count()).isEqualTo(6);
        assertThat(mine.warmUp().count()).isEqualTo(3);
    }
}
