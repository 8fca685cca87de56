package dev.interject.experiment.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.guest.Mailbox;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * Receives the events of a machine on the vCPUs' threads, and lets the thread that made it wait for them. No wait
 * outlasts the deadline, the user's cancellation or the guest.
 */
public final class RunMonitor implements MachineListener {

    private static final int NONE = -1;

    private final Thread runner = Thread.currentThread();
    private final Cancellation cancellation;
    private final Deadline deadline;
    private volatile boolean ready;
    private volatile VcpuEnd end;
    private volatile int fault = NONE;
    private volatile int faultVcpu;
    private final AtomicInteger takenSoFar = new AtomicInteger();
    /** The source whose handlers acknowledge at a vector; replaced as a whole by the run's thread. */
    private volatile InterruptSource[] expected = new InterruptSource[Mailbox.VECTORS];

    /** A monitor for the current thread, which alone may wait. */
    public RunMonitor(Cancellation cancellation, Deadline deadline) {
        this.cancellation = cancellation;
        this.deadline = deadline;
        cancellation.wakes(runner);
    }

    // --- a vCPU's thread

    @Override
    public void ready() {
        ready = true;
        LockSupport.unpark(runner);
    }

    @Override
    public void taken(int vcpu, int vector) {
        InterruptSource source = expected[vector];
        if (source == null || !source.targetVcpus().vcpus().contains(vcpu)) {
            return;
        }
        if (source.acknowledge(vcpu)) {
            takenSoFar.incrementAndGet();
        }
        LockSupport.unpark(runner);
    }

    @Override
    public void fault(int vcpu, int vector) {
        faultVcpu = vcpu;
        fault = vector;
        LockSupport.unpark(runner);
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // counted in the mailbox
    }

    @Override
    public void ended(VcpuEnd how) {
        end = how;
        LockSupport.unpark(runner);
    }

    // --- the run's thread

    /** Waits until the guest has reported that it is ready; returns whether it has and the run continues. */
    public boolean awaitReady() {
        while (!ready && isGoingOn()) {
            LockSupport.parkNanos(this, deadline.nanosLeft());
        }
        return ready && isGoingOn();
    }

    /** Sets whose handlers acknowledge from now on. Before the first injection. */
    void expect(List<? extends InterruptSource> sources) {
        InterruptSource[] byVector = new InterruptSource[Mailbox.VECTORS];
        for (InterruptSource source : sources) {
            source.vector().ifPresent(vector -> byVector[vector] = source);
        }
        expected = byVector; // from now on an acknowledgement counts
    }

    /** Waits until this many of a source are acknowledged; returns whether they are. Allocates nothing. */
    boolean awaitAcknowledged(InterruptSource source, int count) {
        while (source.acknowledgedByAll() < count && isGoingOn()) {
            LockSupport.parkNanos(this, deadline.nanosLeft());
        }
        return source.acknowledgedByAll() >= count;
    }

    /** Waits until what was pending before a source's first interrupt is acknowledged; returns whether it is. */
    boolean awaitEarlier(InterruptSource source) {
        while (!source.areEarlierAcknowledged() && isGoingOn()) {
            LockSupport.parkNanos(this, deadline.nanosLeft());
        }
        return source.areEarlierAcknowledged();
    }

    /** Pauses until then, or until the run ends. */
    void pause(Deadline until) {
        while (isGoingOn() && !until.isOver()) {
            LockSupport.parkNanos(this, Math.min(until.nanosLeft(), deadline.nanosLeft()));
        }
    }

    /** Whether the guest runs, the user has not cancelled, and the deadline is not over. Allocates nothing. */
    public boolean isGoingOn() {
        return guestRuns() && !cancellation.isRequested() && !deadline.isOver();
    }

    /** Whether nothing has stopped the guest. */
    public boolean guestRuns() {
        return end == null && fault == NONE;
    }

    /** When the watchdog ends the run. */
    public Deadline deadline() {
        return deadline;
    }

    /** How many were taken so far. From any thread. */
    int takenSoFar() {
        return takenSoFar.get();
    }

    boolean isCancelled() {
        return cancellation.isRequested();
    }

    /** The exception that stopped the guest, if one did. */
    OptionalInt fault() {
        return fault == NONE ? OptionalInt.empty() : OptionalInt.of(fault);
    }

    /** The vCPU that the exception stopped. */
    int faultVcpu() {
        return faultVcpu;
    }

    /** How a vCPU ended, if one did. */
    Optional<VcpuEnd> end() {
        return Optional.ofNullable(end);
    }

    /** Whether a call of the host failed on a vCPU's thread, so that the vCPU cannot be read any more. */
    public boolean hasHostFailed() {
        return end instanceof VcpuEnd.HostFailed;
    }
}
