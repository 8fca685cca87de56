package dev.interject.experiment.situation;

import java.util.concurrent.locks.LockSupport;

import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.machine.MachineSleep;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * Waits until a guest has nothing left to do: all its vCPUs sleep, nothing that is pending wakes them, and no timer is
 * armed. The guest's state decides, and not the time, but for a timer that does not come when it is due.
 */
public final class RestWatch {

    /** How often in a row the guest must be seen so, since one vCPU can send something to one that was looked at. */
    private static final int LOOKS = 2;
    private static final long LOOK_EVERY_NANOS = 100_000;
    /** After how many looks at a guest that does not sleep it is looked where it is. */
    private static final int LOOKS_BETWEEN = 8;
    /** How long after it is due a timer is waited for. */
    private static final long GRACE_NANOS = 600_000_000;

    /** How the waiting ended. */
    public enum Rest {
        /** Nothing is left to do. */
        ASLEEP,
        /** A timer is armed, and has not ticked though it is long due. */
        TIMER_OVERDUE,
        /** The guest has ended. */
        ENDED,
        /** The guest executes what is not its code: its state is broken. */
        OFF_CODE,
        /** The time is up, or the user has cancelled. */
        OVER
    }

    private final StagedGuest guest;
    private final MachineSleep sleep;
    private final long timerDue;

    /** @param timerNanos how long the guest's timer takes at most for all its ticks; 0 if it has none */
    RestWatch(StagedGuest guest, long timerNanos) {
        this.guest = guest;
        this.sleep = new MachineSleep(guest.machine());
        this.timerDue = System.nanoTime() + timerNanos + GRACE_NANOS;
    }

    /** Waits until the guest has come to rest, or cannot. */
    public Rest await() {
        int quiet = 0;
        int overdue = 0;
        int busy = 0;
        int offCode = 0;
        Counted before = Counted.by(guest.machine());
        while (quiet < LOOKS && overdue < LOOKS) {
            if (guest.end().isPresent()) {
                return Rest.ENDED;
            }
            if (guest.isOver()) {
                return Rest.OVER;
            }
            boolean asleep = isAsleep();
            Counted now = Counted.by(guest.machine());
            boolean rests = asleep && now.equals(before);
            boolean armed = rests && isTimerArmed();
            quiet = rests && !armed ? quiet + 1 : 0;
            overdue = armed && System.nanoTime() - timerDue > 0 ? overdue + 1 : 0;
            before = now;
            busy = asleep ? 0 : busy + 1;
            if (busy % LOOKS_BETWEEN == LOOKS_BETWEEN - 1) {
                offCode = isOffCode() ? offCode + 1 : 0;
                if (offCode >= LOOKS) {
                    return Rest.OFF_CODE;
                }
            }
            if (quiet == 0) {
                LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
            }
        }
        return quiet >= LOOKS ? Rest.ASLEEP : Rest.TIMER_OVERDUE;
    }

    /** A vCPU that has ended is seen by the next look. */
    private boolean isAsleep() {
        try {
            return sleep.lasts();
        } catch (VcpuEndedException ended) {
            return false;
        }
    }

    private boolean isOffCode() {
        try {
            for (int vcpu = 0; vcpu < guest.machine().vcpus(); vcpu++) {
                CpuState cpu = guest.machine().vcpu(vcpu).inspectCpu();
                long linear = cpu.special().linearOfCode(cpu.registers().rip());
                if (cpu.isStarted() && guest.machine().symbolAt(linear).isEmpty()) {
                    return true;
                }
            }
            return false;
        } catch (VcpuEndedException ended) {
            return false;
        }
    }

    private boolean isTimerArmed() {
        try {
            return isTimerArmed(guest.machine().vcpu(0).inspect());
        } catch (VcpuEndedException ended) {
            return false;
        }
    }

    /** Whether a timer will interrupt: a LAPIC's, or the PIT while the master 8259 lets its line through. */
    static boolean isTimerArmed(GuestState state) {
        boolean lapic = state.all()
                .stream()
                .anyMatch(vcpu -> vcpu.lapic()
                        .filter(timer -> isArmed(timer, vcpu
                                .deadline()))
                        .isPresent());
        boolean pit = state.controllers().pit().filter(chip -> chip.timer().isPeriodic()).isPresent()
                && (state.controllers().master().imr() & 1) == 0;
        return lapic || pit;
    }

    private static boolean isArmed(LapicRegisters lapic, long deadline) {
        boolean counts = switch (lapic.timerMode()) {
            case DEADLINE -> deadline != 0;
            case PERIODIC -> lapic.timerInitialCount() != 0; // its count is 0 until a busy kernel reloads it
            case ONE_SHOT, RESERVED -> lapic.timerCurrentCount() != 0;
        };
        return counts && !lapic.isTimerMasked();
    }
}
