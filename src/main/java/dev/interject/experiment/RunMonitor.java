package dev.interject.experiment;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

import dev.interject.interrupt.Injector;
import dev.interject.machine.MachineListener;

/**
 * Where the vCPU's thread leaves word and the run's thread waits for it. The run's thread makes it.
 *
 * <p>One interrupt is under way at a time: {@link #expect} before it is injected, {@link #awaitTaken} after.
 */
final class RunMonitor implements MachineListener {

    /** In place of an index into the log: an interrupt that the report does not count. */
    static final int UNLOGGED = -1;

    private static final int NONE = -1;

    private final Thread runner = Thread.currentThread();
    private final Cancellation cancellation;
    private final InterruptLog log;

    private volatile boolean ready;
    private volatile String crash;
    private volatile Throwable failure;
    private volatile int fault = NONE;
    private volatile int takenSoFar;

    // Written by the run's thread before it injects, read by the vCPU's thread when the guest rings.
    private volatile int expectedVector = NONE;
    private volatile int expected = NONE;
    private volatile boolean awaited;
    private volatile long injectedAt;
    private volatile Injector injector;

    RunMonitor(Cancellation cancellation, InterruptLog log) {
        this.cancellation = cancellation;
        this.log = log;
        cancellation.wakes(runner);
    }

    // --- the vCPU's thread

    @Override
    public void ready() {
        ready = true;
        LockSupport.unpark(runner);
    }

    @Override
    public void taken(int vector) {
        if (vector != expectedVector || !awaited) {
            return; // the guest's own count, not this bell, is what the ledger goes by
        }
        long now = System.nanoTime();
        injector.release();
        if (expected != UNLOGGED) {
            log.latency(expected, now - injectedAt);
            takenSoFar++;
        }
        awaited = false;
        LockSupport.unpark(runner);
    }

    @Override
    public void fault(int vector) {
        fault = vector;
        LockSupport.unpark(runner);
    }

    @Override
    public void spurious(int vector) {
        // counted in the mailbox
    }

    @Override
    public void crashed(String how) {
        crash = how;
        LockSupport.unpark(runner);
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
        LockSupport.unpark(runner);
    }

    // --- the run's thread

    /** Waits until the guest has said that it is ready, or cannot any more. */
    void awaitReady(long deadline) {
        while (!ready && isGoingOn() && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
    }

    /**
     * Says what comes next; to be called before the injection.
     *
     * @param index  its place in the log, or {@link #UNLOGGED}
     * @param vector where it is to arrive
     * @param by     lets its line go when the handler has spoken
     */
    void expect(int index, int vector, Injector by) {
        injector = by;
        expectedVector = vector;
        expected = index;
        injectedAt = System.nanoTime();
        awaited = true; // last: from now on a ring counts
    }

    /** What was to come will not: the kernel has refused it. */
    void expectNothing() {
        awaited = false;
    }

    /** Whether the handler has yet to speak of the last one. */
    boolean isAwaited() {
        return awaited;
    }

    /** Waits until the handler has spoken, and says whether it has. */
    boolean awaitTaken(long deadline) {
        while (awaited && isGoingOn() && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
        return !awaited;
    }

    /** Pauses, for as long as the run goes on. */
    void pause(long until) {
        while (isGoingOn() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
    }

    /** Whether nothing has happened that ends the run. */
    boolean isGoingOn() {
        return guestRuns() && !cancellation.isRequested();
    }

    /** Whether nothing has happened that keeps the guest from running on. */
    boolean guestRuns() {
        return crash == null && failure == null && fault == NONE;
    }

    boolean isReady() {
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

    /** What ended the guest; empty if nothing did. */
    Optional<String> crash() {
        return Optional.ofNullable(crash);
    }

    /** What failed on our side; empty if nothing did. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
