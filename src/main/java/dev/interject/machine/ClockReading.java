package dev.interject.machine;

import java.util.function.LongSupplier;

/**
 * A guest's time-stamp counter, read between two readings of the host's clock.
 *
 * @param before  {@link System#nanoTime()} before it was read
 * @param counter what RDTSC would have read in the guest then
 * @param after   {@link System#nanoTime()} after that
 */
public record ClockReading(long before, long counter, long after) {

    /** Enough to get one without an interrupt of the host or cold code; together they take some milliseconds. */
    private static final int ATTEMPTS = 1000;

    /** The most exact of many readings. */
    static ClockReading of(LongSupplier counter) {
        return of(System::nanoTime, counter);
    }

    /** As {@link #of(LongSupplier)}, on another clock than {@link System#nanoTime()}. */
    static ClockReading of(LongSupplier clock, LongSupplier counter) {
        ClockReading best = once(clock, counter);
        for (int i = 1; i < ATTEMPTS; i++) {
            ClockReading next = once(clock, counter);
            best = next.width() < best.width() ? next : best;
        }
        return best;
    }

    private static ClockReading once(LongSupplier clock, LongSupplier counter) {
        long before = clock.getAsLong();
        long value = counter.getAsLong();
        return new ClockReading(before, value, clock.getAsLong());
    }

    /** Whether it is the later one on both clocks; it is not if the guest has set its counter back. */
    public boolean follows(ClockReading earlier) {
        return counter - earlier.counter() > 0 && before - earlier.after() >= 0;
    }

    private long width() {
        return after - before;
    }

    /** The host's time that goes with the counter: the middle, in nanoseconds. */
    long nanos() {
        return before + width() / 2;
    }

    /** By how much {@link #nanos} may be wrong in either direction, in nanoseconds. */
    long uncertaintyNanos() {
        return Math.ceilDiv(width(), 2);
    }
}
