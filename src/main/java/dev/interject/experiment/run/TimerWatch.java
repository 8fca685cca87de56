package dev.interject.experiment.run;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.plan.TimerPeriod;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.Mailbox;
import dev.interject.machine.Machine;

/**
 * Takes note of the ticks of a timer in the kernel, which interrupts by itself: the guest is told how many to take, and
 * how far apart, and has the timer tick so often. How late each is, the guest's own clock says.
 */
public final class TimerWatch {

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
        this.period = TimerPeriod.of(plan.pace());
        this.mailbox = machine.mailbox();
        this.tscKilohertz = tscKilohertz;
    }

    /** Lets the guest begin, and waits until it has taken all. */
    void run(InterruptSource source, InterruptLog log, RunMonitor monitor, int count, long deadline) {
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
