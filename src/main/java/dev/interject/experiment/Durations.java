package dev.interject.experiment;

import java.time.Duration;
import java.util.Locale;

/** Formats durations for text. */
public final class Durations {

    private static final double MILLIS_PER_SECOND = 1000;

    private Durations() {}

    /** Formats a duration, such as {@code 2 s} or {@code 250 ms}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis < MILLIS_PER_SECOND) {
            return millis + " ms";
        }
        return millis % MILLIS_PER_SECOND == 0
                ? duration.toSeconds() + " s"
                : String.format(Locale.US, "%.1f s", millis / MILLIS_PER_SECOND);
    }
}
