package dev.interject.cli.trace;

import dev.interject.cli.output.Micros;

/**
 * The horizontal axis of a trace's picture.
 *
 * @param from the first moment shown, in nanoseconds
 * @param to   the last
 * @param zero the moment that times are relative to
 */
record TimeScale(long from, long to, long zero) {

    static final double LEFT = 96;
    static final double RIGHT = 850;
    private static final int TICKS = 8;

    boolean overlaps(long begin, long end) {
        return end - from >= 0 && to - begin >= 0;
    }

    /** Where a moment is; one outside is at the edge. */
    double x(long nanos) {
        return LEFT + Math.clamp((double) (nanos - from) / (to - from), 0, 1) * (RIGHT - LEFT);
    }

    /** Nanoseconds from one tick to the next: 1, 2 or 5 times a power of ten. */
    double step() {
        double rough = Math.max(1, to - zero) / (double) TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double first = rough / power;
        return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
    }

    /** A tick's time in microseconds. */
    String tick(long nanos) {
        double micros = (nanos - zero) / Micros.NANOS;
        return nanos == zero ? "0" : step() < Micros.NANOS ? "%.1f".formatted(micros) : "%.0f".formatted(micros);
    }
}
