package dev.interject.experiment.bench;

import java.util.List;

/**
 * The ratio of Interject's time to the reference's, over all pairs of rounds.
 *
 * @param median        of the per-round ratios
 * @param lowerQuartile of the per-round ratios
 * @param upperQuartile of the per-round ratios
 */
public record Ratio(double median, double lowerQuartile, double upperQuartile) {

    private static final double QUARTER = 0.25;

    /** @param ratios one or more, in any order */
    static Ratio of(List<Double> ratios) {
        List<Double> sorted = ratios.stream().sorted().toList();
        return new Ratio(at(sorted, 2 * QUARTER), at(sorted, QUARTER), at(sorted, 3 * QUARTER));
    }

    /** Interpolates linearly. */
    private static double at(List<Double> sorted, double part) {
        double place = part * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }
}
