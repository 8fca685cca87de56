package dev.interject.experiment;

import java.time.Duration;

import dev.interject.linux.SlowCall;

/** The moment at which the watchdog ends an experiment. Immutable. */
public final class Deadline {

    /**
     * So far that it is never reached, and near enough that differences of {@link System#nanoTime()} do not overflow.
     */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** A shorter call does not explain that the time was not enough. */
    private static final int LEAST_PART = 4;

    private final long begin;
    private final long at;

    private Deadline(long begin, long at) {
        this.begin = begin;
        this.at = at;
    }

    /** This long from now; more than a year counts as a year, and a negative time is already over. */
    public static Deadline after(Duration time) {
        Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time.isNegative() ? Duration.ZERO : time;
        long now = System.nanoTime();
        return new Deadline(now, now + bounded.toNanos());
    }

    /** The earlier of this one and this long from now. */
    public Deadline orAfter(Duration time) {
        Deadline other = after(time);
        return at - other.at <= 0 ? this : other;
    }

    /**
     * What the host needed so much of the time for that this says more than where the guest is, such as
     * {@code "KVM_SET_USER_MEMORY_REGION alone took the host 19 s; "}; empty if there is no such call.
     */
    public String slowCall() {
        return SlowCall.longestSince(begin)
                .filter(call -> call.nanos() > (at - begin) / LEAST_PART)
                .map(call -> "%s alone took the host %s; ".formatted(call.name(),
                        Durations.format(Duration.ofNanos(call.nanos()))))
                .orElse("");
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
