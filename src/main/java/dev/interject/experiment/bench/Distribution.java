package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The distribution of times in nanoseconds, to three significant digits. */
public final class Distribution {

    private static final int SIGNIFICANT_DIGITS = 3;
    /** The bounds of a histogram's bars grow by a quarter of an octave. */
    private static final double BAR_GROWTH = Math.pow(2, 0.25);

    private final Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);

    /** Adds the times from index {@code start} to before {@code end}. */
    void add(long[] times, int start, int end) {
        for (int i = start; i < end; i++) {
            // a time stamp may precede its cause by the error of the clock
            histogram.recordValue(Math.max(0, times[i]));
        }
    }

    /** The number of times. */
    public long count() {
        return histogram.getTotalCount();
    }

    public long min() {
        return histogram.getMinValue();
    }

    public long max() {
        return histogram.getMaxValue();
    }

    public double mean() {
        return histogram.getMean();
    }

    /**
     * The time that this percentage of the times does not exceed.
     *
     * @param percent 0 to 100
     */
    public long at(double percent) {
        return histogram.getValueAtPercentile(percent);
    }

    /**
     * A bar of a histogram.
     *
     * @param from  the shortest time, inclusive
     * @param to    the longest time, exclusive
     * @param count the number of times
     */
    public record Bar(long from, long to, long count) {}

    /** The histogram on a logarithmic axis, including empty bars in between. */
    public List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        if (count() == 0) {
            return bars;
        }
        double to = Math.max(1, min()) * BAR_GROWTH;
        long from = min();
        long inBar = 0;
        for (HistogramIterationValue value : histogram.recordedValues()) {
            while (value.getValueIteratedTo() >= to) {
                bars.add(new Bar(from, (long) to, inBar));
                from = (long) to;
                to *= BAR_GROWTH;
                inBar = 0;
            }
            inBar += value.getCountAtValueIteratedTo();
        }
        bars.add(new Bar(from, (long) to, inBar));
        return bars;
    }
}
