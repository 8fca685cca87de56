package dev.interject.cli.output;

import java.util.Locale;

/** Durations in microseconds, as text shows them. */
public final class Micros {

    /** Nanoseconds in a microsecond. */
    public static final double NANOS = 1000;
    private static final int NANOS_EXACTLY = 1000;

    /** From here on a decimal does not fit into a column. */
    private static final double FOUR_DIGITS = 9999;

    private Micros() {}

    /** A duration with its unit, such as {@code 23.4 us}. */
    public static String withUnit(long nanos) {
        return String.format(Locale.ROOT, "%.1f us", nanos / NANOS);
    }

    /** A duration without its unit, such as {@code 23.4}, for a column of a table. */
    public static String of(long nanos) {
        double micros = nanos / NANOS;
        return String.format(Locale.ROOT, micros < FOUR_DIGITS ? "%.1f" : "%.0f", micros);
    }

    /** A duration or a time with all its digits and without its unit, such as {@code 23.456} or {@code -0.001}. */
    public static String exact(long nanos) {
        return "%s%d.%03d".formatted(nanos < 0 ? "-" : "", Math.abs(nanos) / NANOS_EXACTLY,
                Math.abs(nanos) % NANOS_EXACTLY);
    }
}
