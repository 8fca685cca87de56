package dev.interject.experiment.plan;

import java.time.Duration;

import dev.interject.interrupt.Path;

/** The time from one tick of a timer in the kernel to the next, and which times a timer can keep. */
public final class TimerPeriod {

    private static final Duration STANDARD = Duration.ofMillis(1);
    /** KVM lets no periodic timer tick faster (the module parameter {@code min_timer_period_us}). */
    private static final Duration SHORTEST = Duration.ofNanos(200_000);
    /** What fits into an 8254's 16 bits. */
    private static final Duration LONGEST_PIT = Duration.ofMillis(54);
    /** A deadline is given as a 32-bit count of TSC cycles. */
    private static final Duration LONGEST_LAPIC = Duration.ofMillis(500);

    private TimerPeriod() {}

    /** The period that a pace asks for: its interval, or 1 ms. */
    public static Duration of(Pace pace) {
        return pace.interval().isZero() ? STANDARD : pace.interval();
    }

    /** Whether the timer of a path can tick with the period of a plan. */
    static boolean canTick(RunPlan plan) {
        Duration period = of(plan.pace());
        Duration longest = plan.effectivePath() == Path.PIT ? LONGEST_PIT : LONGEST_LAPIC;
        return period.compareTo(SHORTEST) >= 0 && period.compareTo(longest) <= 0;
    }
}
