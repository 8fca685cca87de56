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
    private static final Duration LONGEST_LAPIC = Duration.ofMillis(500);

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** The 8254's input clock in a PC. */
    private static final long PIT_HERTZ = 1_193_182;

    private final Machine machine;
    private final BuiltinGuest guest;
    private final Duration period;
    private final Mailbox mailbox;
    private final long tscKilohertz;
    private volatile int ticks;
    /** How many periods had passed when the last tick was taken. */
    private volatile long slot;

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
        // a deadline is given as a 32-bit count of TSC cycles
        return period.compareTo(SHORTEST) >= 0 && period.compareTo(longest) <= 0;
    }

    /** Lets the guest begin, and waits until it has taken all. */
    void run(Source source, InterruptLog log, RunMonitor monitor, int count, long deadline) {
        source.expectTicks(log.add(count), count, this::merged);
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

    /**
     * How late a tick is: from when it was due to its handler's first instructions; in nanoseconds, 0 or more.
     *
     * @param vector the timer's
     */
    LongSupplier lateness(int vector) {
        return () -> {
            ticks++;
            long sinceArmed = (mailbox.enteredAt(vector) - mailbox.armedAt()) * NANOS_PER_MILLI / tscKilohertz;
            long nanos = period.toNanos();
            return switch (guest) {
                case PERIODIC -> {
                    slot = sinceArmed / nanos;
                    yield Math.max(0, sinceArmed - nanos * Math.max(slot, 1));
                }
                case PIT -> Math.max(0, sinceArmed - nanos * ticks); // KVM makes up for ticks that were missed
                default -> Math.max(0, sinceArmed - nanos);
            };
        };
    }

    /**
     * How many ticks of a periodic LAPIC timer were merged with others, as the guest's clock shows: the timer goes on
     * while one waits, and one bit of the IRR is all that is kept.
     */
    long merged() {
        return guest == BuiltinGuest.PERIODIC ? Math.max(0, slot - ticks) : 0;
    }
}
