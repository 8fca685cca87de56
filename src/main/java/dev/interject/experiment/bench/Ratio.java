package dev.interject.experiment.bench;

import java.util.List;

/**
 * Interject's time by the reference's, of one statistic, over all pairs of rounds.
 *
 * @param median        of the pairs' ratios
 * @param lowerQuartile of them: a quarter is not above it
 * @param upperQuartile of them: a quarter is not below it
 */
public record Ratio(double median, double lowerQuartile, double upperQuartile) {

    private static final double QUARTER = 0.25;

    /** @param ratios one or more, in any order */
    static Ratio of(List<Double> ratios) {
        List<Double> sorted = ratios.stream().sorted().toList();
        return new Ratio(at(sorted, 2 * QUARTER), at(sorted, QUARTER), at(sorted, 3 * QUARTER));
    }

    /** Between two of them, by the straight line. */
    private static double at(List<Double> sorted, double part) {
        double place = part * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }
}
