package dev.interject.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Ledger;
import dev.interject.machine.Machine;

/**
 * Finds out what became of the interrupts of a run. The guest's own count decides what was taken; for what was not, the
 * controllers are asked.
 */
final class Accountant {

    /** How long a handler may take to count, once the CPU has entered it, and how often the count is looked at. */
    private static final Duration HANDLER = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final Machine machine;
    private final Target target;
    private final RunMonitor monitor;
    private final InterruptLog log;

    Accountant(Machine machine, Target target, RunMonitor monitor, InterruptLog log) {
        this.machine = machine;
        this.target = target;
        this.monitor = monitor;
        this.log = log;
    }

    /**
     * @param vector          the vector awaited; empty where nothing was injected
     * @param takenBefore     the guest's count of that vector before the first interrupt
     * @param refusedByKernel how many the kernel turned down with an error
     */
    Account account(OptionalInt vector, long takenBefore, long refusedByKernel) {
        long handedOver = log.size() - refusedByKernel;
        if (vector.isEmpty()) {
            return leadingNowhere();
        }
        awaitHandler(vector.getAsInt(), takenBefore + handedOver);
        if (taken(vector.getAsInt(), takenBefore) == handedOver) {
            return complete(refusedByKernel, handedOver);
        }
        // first the controllers, then the count: one taken in between is counted as taken, not as lost
        GuestState state = machine.look();
        long taken = taken(vector.getAsInt(), takenBefore);
        Ledger ledger = taken < handedOver
                ? lastOneMissing(state, vector.getAsInt(), taken, refusedByKernel)
                : new Ledger(log.size(), refusedByKernel, taken, 0, 0);
        return new Account(ledger, Optional.of(Standing.of(state, machine)), spurious());
    }

    /** Without a vector nothing can arrive: what the kernel did not refuse, the controllers ignored. */
    private Account leadingNowhere() {
        return complete(log.size(), 0);
    }

    private Account complete(long refusedByKernel, long taken) {
        return new Account(new Ledger(log.size(), refusedByKernel, taken, 0, 0), Optional.empty(), List.of());
    }

    private long taken(int vector, long before) {
        return machine.mailbox().taken(vector) - before;
    }

    /** A run may end just when the CPU has taken an interrupt and its handler has not counted it yet. */
    private void awaitHandler(int vector, long count) {
        long until = System.nanoTime() + HANDLER.toNanos();
        while ((machine.mailbox().taken(vector) < count || monitor.isAwaited()) && monitor.guestRuns()
                && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
        }
    }

    /**
     * One at a time is under way, so what is missing is the last one: it waits, or its status says what became of it.
     */
    private Ledger lastOneMissing(GuestState state, int vector, long taken, long refusedByKernel) {
        boolean waits = machine.vectorsWaiting() > 0 || target.waits(state, vector, monitor.guestRuns());
        int status = log.status(log.size() - 1);
        // a message that nobody takes has status 0, too; it does not coalesce, or it would still wait
        long ignored = !waits && (status < 0 || status == 0 && target.path().isMessage()) ? 1 : 0;
        long coalesced = !waits && status == 0 && ignored == 0 ? 1 : 0;
        return new Ledger(log.size(), refusedByKernel + ignored, taken, coalesced, waits ? 1 : 0);
    }

    private List<String> spurious() {
        long spurious = machine.mailbox().spurious();
        return spurious == 0
                ? List.of()
                : List.of("spurious interrupts (IRQ 7 or 15 with nothing in service) that the guest saw: " + spurious);
    }
}
