package dev.interject.machine;

/**
 * Converts a vCPU's time-stamp counter to the host's clock, {@link System#nanoTime()}.
 *
 * <p>It is the straight line through two readings, one before the times to convert and one after. The rate comes from
 * them, not from {@code KVM_GET_TSC_KHZ}: the host's clock is steered (NTP), by up to 500 ppm, which is half a
 * millisecond in each second. Between the readings a time is wrong by no more than they are, as long as the steering
 * does not change meanwhile.
 */
public final class GuestClock {

    /**
     * How far the host's clock and the rate that KVM reports may differ: 500 ppm in either direction, with a margin.
     */
    private static final double STEERING = 0.002;

    private final ClockReading first;
    private final ClockReading last;

    private GuestClock(ClockReading first, ClockReading last) {
        this.first = first;
        this.last = last;
    }

    /**
     * The clock of the vCPU that both were read from.
     *
     * @throws IllegalArgumentException unless the second reading is the later one, by both clocks
     */
    public static GuestClock between(ClockReading first, ClockReading last) {
        if (!last.follows(first)) {
            throw new IllegalArgumentException("no clock runs from %s to %s".formatted(first, last));
        }
        return new GuestClock(first, last);
    }

    /** The host's time at which the counter had this value, in nanoseconds as {@link System#nanoTime()} has them. */
    public long nanos(long counter) {
        return first.nanos() + Math.round((counter - first.counter()) * nanosPerCycle());
    }

    /** Whether the counter had this value at some time between the two readings. */
    public boolean covers(long counter) {
        return counter - first.counter() >= 0 && last.counter() - counter >= 0;
    }

    /** The error of {@link #nanos} in either direction, in nanoseconds; it is larger outside the two readings. */
    public long uncertaintyNanos(long counter) {
        long within = Math.max(first.uncertaintyNanos(), last.uncertaintyNanos());
        long outside = Math.max(0, Math.max(first.counter() - counter, counter - last.counter()));
        double slope = (double) (first.uncertaintyNanos() + last.uncertaintyNanos())
                / (last.counter() - first.counter());
        return within + (long) Math.ceil(outside * slope);
    }

    /** The counter's rate on the host's clock, in kHz. */
    public double kilohertz() {
        return 1e6 / nanosPerCycle();
    }

    /**
     * Whether the counter ran as fast as KVM says, as far as the readings show. Where not, the guest has set it in
     * between, and no line goes through both readings.
     *
     * @param said {@code KVM_GET_TSC_KHZ}
     */
    boolean runsAt(int said) {
        double readings = (double) (first.uncertaintyNanos() + last.uncertaintyNanos())
                / (last.nanos() - first.nanos());
        return Math.abs(kilohertz() / said - 1) <= STEERING + readings;
    }

    private double nanosPerCycle() {
        return (double) (last.nanos() - first.nanos()) / (last.counter() - first.counter());
    }
}
