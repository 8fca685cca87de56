package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How many random states a test tries. {@code -Dinterject.states=N} tries N times as many; a fraction will do, on a
 * slow host for instance. {@code -Dinterject.seed=N} tries one again.
 */
final class RandomStates {

    private static final double TIMES = Double.parseDouble(System.getProperty("interject.states", "1"));
    private static final Optional<Long> ONLY = Optional.ofNullable(Long.getLong("interject.seed"));

    private static final long SEEDS_A_KIND = 1_000_000;

    private RandomStates() {}

    /** The first seed of a kind of situations. */
    static long firstSeed(String kind) {
        return Math.floorMod(kind.hashCode(), 1000) * SEEDS_A_KIND;
    }

    /**
     * The seeds to try.
     *
     * @param first the first of them
     * @param count how many by default
     */
    static LongStream seeds(long first, int count) {
        long times = Math.max(1, Math.round(count * TIMES));
        return LongStream.range(first, first + times).filter(seed -> ONLY.isEmpty() || ONLY.get() == seed);
    }
}
