package dev.interject.experiment.run;

import java.time.Duration;

import dev.interject.guest.TimerMode;

/**
 * When the ticks of a timer in the kernel are due, as the count that the guest programs can express it.
 *
 * @param mode        which timer ticks, and how
 * @param count       what the guest programs
 * @param periodNanos how long that count takes
 */
record TickSchedule(TimerMode mode, int count, double periodNanos) {

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
    private static final double NANOS_PER_MILLI = Duration.ofMillis(1).toNanos();
    /** The 8254's input clock in a PC. */
    private static final long PIT_HERTZ = 1_193_182;
    /** The clock of the PIT in the kernel, whose periods are whole nanoseconds (the kernel's i8254.h). */
    private static final long IN_KERNEL_PIT_HERTZ = 1_193_181;
    /** How early a tick may seem to come, by the error of the guest's clock; far below the shortest period. */
    private static final double TOLERANCE_NANOS = 50_000;

    /**
     * The schedule of a count.
     *
     * @param tscKilohertz how fast the guest's time-stamp counter runs, above 0
     */
    static TickSchedule of(TimerMode mode, int count, double tscKilohertz) {
        return new TickSchedule(mode, count, switch (mode) {
            case PIT -> count * NANOS_PER_SECOND / IN_KERNEL_PIT_HERTZ;
            case DEADLINE -> nanos(count, tscKilohertz);
            case ONE_SHOT, PERIODIC -> count; // KVM's LAPIC counts at 1 GHz, and the guests divide that by 1
        });
    }

    /** The count whose period comes nearest to a period; a PIT's is not below it, since KVM has a shortest period. */
    static int count(TimerMode mode, Duration period, double tscKilohertz) {
        long nanos = period.toNanos();
        return (int) switch (mode) {
            case PIT -> Math.ceilDiv(nanos * PIT_HERTZ, NANOS_PER_SECOND);
            case DEADLINE -> (long) (nanos / NANOS_PER_MILLI * tscKilohertz);
            case ONE_SHOT, PERIODIC -> nanos;
        };
    }

    /** How many periods lie between the arming of the timer and the latest tick that was due at a time. */
    long slot(double nanosSinceArmed) {
        return Math.max(1, (long) Math.floor((nanosSinceArmed + TOLERANCE_NANOS) / periodNanos));
    }

    /**
     * How late a tick is, in nanoseconds. Below 0 if the clocks disagree by more than it is late.
     *
     * @param tick            its number, from 1
     * @param nanosSinceArmed from when the guest last armed its timer until the handler ran
     */
    long lateness(int tick, double nanosSinceArmed) {
        double due = switch (mode) {
            case PIT -> tick * periodNanos; // KVM makes up for ticks that were missed
            case PERIODIC -> slot(nanosSinceArmed) * periodNanos;
            case ONE_SHOT, DEADLINE -> periodNanos; // rearmed for each tick
        };
        return Math.round(nanosSinceArmed - due);
    }

    /** How many of the first ticks were merged with others; only a periodic LAPIC timer does not make up for them. */
    long merged(int ticks, double nanosSinceArmed) {
        return mode == TimerMode.PERIODIC ? Math.max(0, slot(nanosSinceArmed) - ticks) : 0;
    }

    /** Cycles of a counter as nanoseconds. */
    static double nanos(long cycles, double kilohertz) {
        return cycles / kilohertz * NANOS_PER_MILLI;
    }
}
