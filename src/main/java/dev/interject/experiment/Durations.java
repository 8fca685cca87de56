package dev.interject.experiment;

import java.time.Duration;

/** Formats durations for text. */
public final class Durations {

    private static final long NANOS_PER_MICRO = 1000;
    private static final long MILLIS_PER_TENTH = 100;
    private static final int TENTHS = 10;

    private Durations() {}

    /** Formats a duration in the unit that suits it: {@code 2 s}, {@code 1.5 s}, {@code 250 ms} or {@code 10 us}. */
    public static String format(Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            return Math.ceilDiv(duration.toNanos(), NANOS_PER_MICRO) + " us";
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        long tenths = Math.round((double) duration.toMillis() / MILLIS_PER_TENTH);
        String seconds = Long.toString(tenths / TENTHS);
        return (tenths % TENTHS == 0 ? seconds : seconds + "." + tenths % TENTHS) + " s";
    }
}
