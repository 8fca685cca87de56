package dev.interject.experiment.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.Cancellation;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.trace.Recorder;

/** Where the vCPUs' threads leave word and the run's thread waits for it. The run's thread makes it. */
public final class RunMonitor implements MachineListener {

    private static final int NONE = -1;
    private static final int VECTORS = 256;

    private final Thread runner = Thread.currentThread();
    private final Cancellation cancellation;
    private final Recorder recorder;

    private volatile boolean ready;
    private volatile String crash;
    private volatile Throwable failure;
    private volatile int fault = NONE;
    private volatile int faultVcpu;
    private volatile int takenSoFar;

    /** By vector, whose bells count; replaced as a whole by the run's thread. */
    private volatile InterruptSource[] expected = new InterruptSource[VECTORS];
    private volatile int expectedVcpu;
    private volatile boolean countsNoMore;

    public RunMonitor(Cancellation cancellation) {
        this(cancellation, Recorder.off());
    }

    /** The same, and has each word that counts recorded. */
    public RunMonitor(Cancellation cancellation, Recorder recorder) {
        this.recorder = recorder;
        this.cancellation = cancellation;
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
        if (source == null || vcpu != expectedVcpu || !source.ring()) {
            return;
        }
        recorder.handlerAcknowledged(vcpu, vector);
        if (!countsNoMore) {
            takenSoFar++; // by one vCPU's thread alone
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
    public void ended(VcpuEnd end) {
        switch (end) {
            case VcpuEnd.Crashed(int vcpu, String how) ->
                crash = vcpu == 0 ? how : "vCPU %d: %s".formatted(vcpu, how);
            case VcpuEnd.HostFailed(int vcpu, Throwable cause) -> failure = cause;
            case VcpuEnd.Stopped stopped -> {
                // the run itself stops its machine
            }
        }
        LockSupport.unpark(runner);
    }

    // --- the run's thread

    /** Waits until the guest has said that it is ready, or cannot any more. */
    public void awaitReady(long deadline) {
        while (!ready && isGoingOn() && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
    }

    /** Says whose handlers will speak from now on, and on which vCPU; to be called before the first injection. */
    void expect(int vcpu, List<InterruptSource> sources) {
        InterruptSource[] byVector = new InterruptSource[VECTORS];
        for (InterruptSource source : sources) {
            source.vector().ifPresent(vector -> byVector[vector] = source);
        }
        expectedVcpu = vcpu;
        expected = byVector; // last: from now on a ring counts
    }

    /** The same for one that the report does not count. */
    void expectUncounted(InterruptSource source) {
        countsNoMore = true;
        expect(expectedVcpu, List.of(source));
    }

    /** Waits until the handler has spoken so often for this source, and says whether it has. Allocates nothing. */
    boolean awaitRings(InterruptSource source, int rings, long deadline) {
        while (source.rings() < rings && isGoingOn() && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
        return source.rings() >= rings;
    }

    /** Pauses, for as long as the run goes on. */
    void pause(long until) {
        while (isGoingOn() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
    }

    /** Whether nothing has happened that ends the run. */
    public boolean isGoingOn() {
        return guestRuns() && !cancellation.isRequested();
    }

    /** Whether nothing has happened that keeps the guest from running on. */
    boolean guestRuns() {
        return crash == null && failure == null && fault == NONE;
    }

    public boolean isReady() {
        return ready;
    }

    /** How many have been taken so far. From any thread. */
    int takenSoFar() {
        return takenSoFar;
    }

    boolean isCancelled() {
        return cancellation.isRequested();
    }

    /** The exception that stopped the guest; empty if none did. */
    OptionalInt fault() {
        return fault == NONE ? OptionalInt.empty() : OptionalInt.of(fault);
    }

    /** The vCPU that it stopped. */
    int faultVcpu() {
        return faultVcpu;
    }

    /** What ended the guest; empty if nothing did. */
    Optional<String> crash() {
        return Optional.ofNullable(crash);
    }

    /** What failed on our side; empty if nothing did. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
