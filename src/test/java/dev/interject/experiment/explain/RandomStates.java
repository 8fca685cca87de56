package dev.interject.experiment.explain;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How many random states a test tries. {@code -Dinterject.states=N} tries N times as many; a fraction will do, on a
 * slow host for instance. {@code -Dinterject.seed=N,…} tries these again.
 */
final class RandomStates {

    private static final double TIMES = Double.parseDouble(System.getProperty("interject.states", "1"));
    private static final Set<Long> ONLY = Pattern.compile("\\d+")
            .matcher(System.getProperty("interject.seed", ""))
            .results()
            .map(result -> Long.valueOf(result.group()))
            .collect(Collectors.toSet());

    /** Whether this host's CPU is QEMU's TCG, whose faults as a CPU ({@code docs/hosts.md}) some states avoid. */
    static final boolean ON_QEMU = "qemu".equals(System.getProperty("interject.emulator"));

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
        return LongStream.range(first, first + times).filter(seed -> ONLY.isEmpty() || ONLY.contains(seed));
    }
}
