package dev.interject.cli;

import java.util.Locale;

/** Times of a measurement, as people read them. */
final class Micros {

    private static final double NANOS_PER_MICRO = 1000;
    /** From here on a decimal would not fit into a column, and tell nothing. */
    private static final double FOUR_DIGITS = 9999;

    private Micros() {}

    /** Such as {@code 23.4}; in microseconds. */
    static String of(long nanos) {
        double micros = nanos / NANOS_PER_MICRO;
        return String.format(Locale.ROOT, micros < FOUR_DIGITS ? "%.1f" : "%.0f", micros);
    }
}
