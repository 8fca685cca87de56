package dev.interject.experiment.run;

import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.Mailbox;
import dev.interject.guest.TimerMode;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.ClockReading;
import dev.interject.machine.GuestClock;
import dev.interject.machine.Machine;

/**
 * A timer in the kernel, which interrupts by itself: the guest is given a number of ticks and a period, and programs
 * the timer. The guest's time-stamp counter shows how late each tick is.
 */
final class TimerSource extends InterruptSource {

    /** An approximation for hosts that do not report how fast the guest's counter runs. */
    private static final int USUAL_TSC_KILOHERTZ = 1_000_000;

    private final Machine machine;
    private final TimerMode mode;
    private final Mailbox mailbox;
    private final int programmed;
    /** Whether the guest programs the timer, and not the settings of the plan. */
    private final boolean armedByGuest;
    /** How fast the guest's counter runs by the host's clock, in kHz; KVM's figure until it is measured. */
    private double kilohertz;

    TimerSource(ResolvedInjection target, GatePath path, GuestState before, InterruptLog log, Machine machine,
            RunPlan plan) {
        super(target, path, before, machine, log, !plan.isTimerSet());
        this.machine = machine;
        this.mode = plan.effectiveGuest().timer().orElseThrow();
        this.armedByGuest = !plan.isTimerSet();
        this.mailbox = machine.vcpu(0).mailbox();
        this.kilohertz = machine.vcpu(target.vcpu()).tscKilohertz().orElse(USUAL_TSC_KILOHERTZ);
        this.programmed = TickSchedule.count(mode, plan.pace().timerPeriod(), kilohertz);
    }

    /**
     * Starts the guest's timer and waits until it has taken all ticks, or the run ends.
     *
     * @param release lets the guest run on if it is held
     */
    void run(RunMonitor monitor, int count, Runnable release) {
        int first = log().add(count);
        for (int i = 0; i < count; i++) {
            log().status(first + i, Injector.NO_STATUS);
            accept(first + i);
        }
        request(count);
        ClockReading before = machine.vcpu(target().vcpu()).readClock();
        if (armedByGuest) {
            machine.command(count);
            machine.command(programmed);
        }
        release.run();
        monitor.awaitAcknowledged(this, count);
        if (monitor.guestRuns()) {
            measure(before, machine.vcpu(target().vcpu()).readClock());
        }
    }

    /** The host's clock times the ticks. It is steered (NTP), so that KVM's figure may be 500 ppm off. */
    private void measure(ClockReading before, ClockReading after) {
        if (after.follows(before)) {
            kilohertz = GuestClock.between(before, after).kilohertz();
        }
    }

    private TickSchedule schedule() {
        return TickSchedule.of(mode, programmed, kilohertz);
    }

    /** Cycles from when the guest last armed its timer until its handler's first instructions. */
    @Override
    long clock() {
        return mailbox.enteredAt(vector().getAsInt()) - mailbox.armedAt();
    }

    @Override
    void onAcknowledged() {
        // the guest stops its timer itself
    }

    @Override
    void onEarlierAcknowledged() {
        // not a tick of the run
    }

    @Override
    void settleLog() {
        TickSchedule schedule = schedule();
        for (int i = 0; i < taken(); i++) {
            if (!armedByGuest) {
                log().takenAtAnyTime(acceptedAt(i));
                continue;
            }
            log().latency(acceptedAt(i), schedule.lateness(i + 1, nanosSinceArmed(i)));
        }
    }

    /** How many ticks were merged with others, as the guest's clock shows. */
    long merged() {
        return taken() == 0 || !armedByGuest ? 0 : schedule().merged(taken(), nanosSinceArmed(taken() - 1));
    }

    private double nanosSinceArmed(int tick) {
        return TickSchedule.nanos(acknowledgedAt(tick), kilohertz);
    }
}
