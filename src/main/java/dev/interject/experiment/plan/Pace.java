package dev.interject.experiment.plan;

import static dev.interject.experiment.InvalidValueException.requireWithin;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;

import dev.interject.experiment.InvalidValueException;

/**
 * How the interrupts of a run follow each other.
 *
 * @param count    how many there are, 1 to 10,000,000
 * @param interval the pause between one taken and the next; for a timer its period, where 0 stands for 1 ms
 * @param burst    how many are injected back to back, faster than the guest takes them: 1 to {@code count}, at most
 *                 100,000
 * @param rate     how many a second, 1 to 10,000,000, whether the guest has taken the ones before or not; empty: the
 *                 next burst waits until the guest has taken what it accepted
 * @param threads  how many threads inject a burst together, 1 to 64 and at most {@code burst}
 * @param hold     how many times the handler must run before the device de-asserts a level line, 1 to {@code count};
 *                 each time counts as an interrupt
 */
public record Pace(int count, Duration interval, int burst, OptionalInt rate, int threads, int hold) {

    private static final int MOST_INTERRUPTS = 10_000_000;
    private static final int HIGHEST_RATE = 10_000_000;
    private static final int MOST_THREADS = 64;
    /** Neither the watchdog nor Ctrl-C interrupts a burst; this many take less than a second. */
    private static final int LARGEST_BURST = 100_000;
    private static final Duration STANDARD_PERIOD = Duration.ofMillis(1);

    /** @throws IllegalArgumentException where a value is out of its range */
    public Pace {
        requireNonNull(interval, "interval");
        requireNonNull(rate, "rate");
        requireWithin("count", count, 1, MOST_INTERRUPTS);
        requireWithin("burst", burst, 1, Math.min(count, LARGEST_BURST));
        rate.ifPresent(perSecond -> requireWithin("rate", perSecond, 1, HIGHEST_RATE));
        requireWithin("threads", threads, 1, MOST_THREADS);
        requireWithin("hold", hold, 1, count);
        if (interval.isNegative()) {
            throw new InvalidValueException("interval", "must not be negative");
        }
        if (threads > burst) {
            throw new InvalidValueException("burst",
                    "must be %d or more, not %d: that many threads share it".formatted(threads, burst));
        }
        if (interval.isPositive() && (burst > 1 || rate.isPresent())) {
            throw new IllegalArgumentException("an interval excludes both a burst and a rate");
        }
    }

    /** One after the other: the next is injected when the one before was taken. */
    public static Pace oneByOne(int count) {
        return new Pace(count, Duration.ZERO, 1, OptionalInt.empty(), 1, 1);
    }

    /** Whether several may be under way at a time, so that some may coalesce. */
    public boolean isStorm() {
        return burst > 1 || rate.isPresent();
    }

    /** The period of a timer: the interval, or 1 ms. */
    public Duration timerPeriod() {
        return interval.isZero() ? STANDARD_PERIOD : interval;
    }
}
