package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** How times are spread; in nanoseconds, to three significant digits. */
public final class Distribution {

    private static final int SIGNIFICANT_DIGITS = 3;
    /** Bars of a picture: their bounds grow by a quarter of an octave. */
    private static final double BAR_GROWTH = Math.pow(2, 0.25);

    private final Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);

    /** Times from {@code start} on, before {@code end}. */
    void add(long[] times, int start, int end) {
        for (int i = start; i < end; i++) {
            // a stamp may seem to be before its cause, by the clock's error
            histogram.recordValue(Math.max(0, times[i]));
        }
    }

    /** How many there are. */
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
     * The time that so many percent do not exceed.
     *
     * @param percent 0 to 100
     */
    public long at(double percent) {
        return histogram.getValueAtPercentile(percent);
    }

    /**
     * A bar of a picture.
     *
     * @param from  the shortest time in it
     * @param to    the first that is not
     * @param count how many times there are in it
     */
    public record Bar(long from, long to, long count) {}

    /** The distribution as bars on a logarithmic axis, those in between that are empty included. */
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
