package dev.interject.experiment.plan;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How the interrupts of a run follow each other.
 *
 * @param count    how many there are, 1 or more
 * @param interval the pause between one taken and the next; for a timer, from tick to tick, and 0 for a millisecond
 * @param burst    how many are handed over at once, faster than the guest takes them, 1 or more
 * @param rate     how many a second follow the clock, whether the guest has taken the ones before or not; empty: the
 *                 next burst waits until all that can still be taken was
 * @param threads  how many hand a burst over at the same time, 1 or more
 * @param hold     how often the handler must run before the device behind a level line lets go, 1 or more; each time is
 *                 an interrupt of its own
 */
public record Pace(int count, Duration interval, int burst, OptionalInt rate, int threads, int hold) {

    /** One after the other: the next when the one before was taken. */
    public static Pace oneByOne(int count) {
        return new Pace(count, Duration.ZERO, 1, OptionalInt.empty(), 1, 1);
    }

    /** Whether more than one may be under way, so that some may coalesce. */
    public boolean isStorm() {
        return burst > 1 || rate.isPresent() || threads > 1;
    }
}
