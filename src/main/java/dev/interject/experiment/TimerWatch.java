package dev.interject.experiment;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.Path;
import dev.interject.machine.Machine;

/**
 * Takes note of the ticks of a timer in the kernel, which interrupts by itself: the guest is told how many to take, and
 * how far apart, and has the timer tick so often. How late each is, the guest's own clock says.
 */
final class TimerWatch {

    /** From tick to tick unless the plan says otherwise. */
    static final Duration STANDARD_PERIOD = Duration.ofMillis(1);
    /** KVM lets no periodic timer tick faster (the module parameter {@code min_timer_period_us}). */
    private static final Duration SHORTEST = Duration.ofNanos(200_000);
    /** What fits into an 8254's 16 bits. */
    private static final Duration LONGEST_PIT = Duration.ofMillis(54);
    private static final Duration LONGEST_LAPIC = Duration.ofSeconds(1);

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** The 8254's input clock in a PC. */
    private static final long PIT_HERTZ = 1_193_182;

    private final Machine machine;
    private final BuiltinGuest guest;
    private final Duration period;
    private final Mailbox mailbox;
    private final long tscKilohertz;
    private int ticks;

    /** @param tscKilohertz the guest's time-stamp counter's, above 0 */
    TimerWatch(Machine machine, RunPlan plan, int tscKilohertz) {
        this.machine = machine;
        this.guest = plan.effectiveGuest();
        this.period = period(plan.pace());
        this.mailbox = machine.mailbox();
        this.tscKilohertz = tscKilohertz;
    }

    static Duration period(Pace pace) {
        return pace.interval().isZero() ? STANDARD_PERIOD : pace.interval();
    }

    /** Whether a timer can tick with that period. */
    static boolean canTick(RunPlan plan) {
        Duration period = period(plan.pace());
        Duration longest = plan.effectivePath() == Path.PIT ? LONGEST_PIT : LONGEST_LAPIC;
        return period.compareTo(SHORTEST) >= 0 && period.compareTo(longest) <= 0;
    }

    /** Lets the guest begin, and waits until it has taken all. */
    void run(Source source, InterruptLog log, RunMonitor monitor, int count, long deadline) {
        source.expectTicks(log.add(count), count);
        machine.command(count);
        machine.command((int) inTimerUnits());
        monitor.awaitRings(source, count, deadline);
    }

    private long inTimerUnits() {
        return switch (guest) {
            case PIT -> period.toNanos() * PIT_HERTZ / NANOS_PER_SECOND;
            case DEADLINE -> period.toNanos() * tscKilohertz / NANOS_PER_MILLI;
            default -> period.toNanos(); // KVM's LAPIC counts at 1 GHz
        };
    }

    /** How late a tick is: from when it was due to its handler's first instructions; in nanoseconds, 0 or more. */
    LongSupplier lateness() {
        boolean periodic = guest == BuiltinGuest.PIT || guest == BuiltinGuest.PERIODIC;
        return () -> {
            ticks++;
            long sinceArmed = (mailbox.tickAt() - mailbox.armedAt()) * NANOS_PER_MILLI / tscKilohertz;
            return Math.max(0, sinceArmed - period.toNanos() * (periodic ? ticks : 1));
        };
    }
}
