package dev.interject.experiment;

import java.time.Duration;

/** The moment at which the watchdog ends an experiment. Immutable. */
public final class Deadline {

    /**
     * So far that it is never reached, and near enough that differences of {@link System#nanoTime()} do not overflow.
     */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final long at;

    private Deadline(long at) {
        this.at = at;
    }

    /** This long from now; more than a year counts as a year, and a negative time is already over. */
    public static Deadline after(Duration time) {
        Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time.isNegative() ? Duration.ZERO : time;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    /** The earlier of this one and this long from now. */
    public Deadline orAfter(Duration time) {
        Deadline other = after(time);
        return at - other.at <= 0 ? this : other;
    }

    /** Nanoseconds until then; 0 or less when it is over. Allocates nothing. */
    public long nanosLeft() {
        return at - System.nanoTime();
    }

    /** The time until then, 0 or more. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanosLeft()));
    }

    /** Whether the time is up. Allocates nothing. */
    public boolean isOver() {
        return nanosLeft() <= 0;
    }
}
