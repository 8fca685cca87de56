package dev.interject.experiment.bench;

import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.ThreadMXBean;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.guest.Mailbox;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** Hears the handlers of one guest, and when. The injecting thread makes it. Allocates nothing once it hears. */
final class BenchListener implements MachineListener {

    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Thread injecting = Thread.currentThread();
    private final Cancellation cancellation;
    private final int vector;
    private final int firstCounted;
    private final int lastCounted;

    private volatile boolean ready;
    private volatile RuntimeException trouble;
    private volatile Mailbox mailbox;
    private volatile int rings;
    // of the last ring; `rings` is written behind them
    private long rungAt;
    private long enteredAt;
    private long bytesAtFirst;
    private long bytesAtLast;

    /**
     * @param vector       whose handler's word counts
     * @param firstCounted the ring from which on the vCPU's thread may allocate nothing
     * @param lastCounted  the ring up to which
     */
    BenchListener(Cancellation cancellation, int vector, int firstCounted, int lastCounted) {
        this.cancellation = cancellation;
        this.vector = vector;
        this.firstCounted = firstCounted;
        this.lastCounted = lastCounted;
    }

    /** Where handlers leave their stamps; before the first interrupt. */
    void read(Mailbox stamps) {
        mailbox = stamps;
    }

    // --- the vCPU's thread

    @Override
    public void ready() {
        ready = true;
        LockSupport.unpark(injecting);
    }

    @Override
    public void taken(int vcpu, int taken) {
        if (taken != vector) {
            return;
        }
        rungAt = System.nanoTime();
        enteredAt = mailbox.enteredAt(vector);
        int ring = rings + 1;
        if (ring == firstCounted) {
            bytesAtFirst = THREADS.getCurrentThreadAllocatedBytes();
        }
        if (ring == lastCounted) {
            bytesAtLast = THREADS.getCurrentThreadAllocatedBytes();
        }
        rings = ring;
        LockSupport.unpark(injecting);
    }

    @Override
    public void fault(int vcpu, int exception) {
        crash("the guest stopped at exception " + exception);
    }

    @Override
    public void spurious(int vcpu, int spurious) {
        crash("a spurious interrupt at vector 0x%02x".formatted(spurious));
    }

    @Override
    public void ended(VcpuEnd end) {
        fail(RoundFailed.of(end));
    }

    private void crash(String how) {
        fail(new RoundFailed(Outcome.GUEST_CRASHED, how));
    }

    private void fail(RuntimeException why) {
        trouble = why;
        LockSupport.unpark(injecting);
    }

    // --- the injecting thread

    void awaitReady() {
        long deadline = System.nanoTime() + 2 * PATIENCE_NANOS;
        while (!ready) {
            await(deadline, "the guest did not say in time that it is ready");
        }
    }

    /** Waits until the handler has spoken so often. */
    void awaitRings(int count) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (rings < count) {
            await(deadline, "an interrupt was not taken");
        }
    }

    private void await(long deadline, String otherwise) {
        check(deadline, otherwise);
        LockSupport.parkNanos(this, deadline - System.nanoTime());
    }

    /** To be called again and again by whoever waits in another way. */
    void check(long deadline, String otherwise) {
        if (trouble != null) {
            throw trouble;
        }
        if (cancellation.isRequested()) {
            throw new RoundFailed(Outcome.INTERRUPTED, "ended by the user");
        }
        if (deadline - System.nanoTime() <= 0) {
            throw new RoundFailed(Outcome.TIMED_OUT, otherwise);
        }
    }

    /** How often the handler has spoken. */
    int rings() {
        return rings;
    }

    /** {@link System#nanoTime()} at the last ring. */
    long rungAt() {
        return rungAt;
    }

    /** What the guest's time-stamp counter was when its handler was entered for the last ring. */
    long enteredAt() {
        return enteredAt;
    }

    /** Bytes that the vCPU's thread allocated for each interrupt between the two rings. */
    OptionalDouble bytesPerInterrupt() {
        int interrupts = lastCounted - firstCounted;
        return interrupts > 0
                ? OptionalDouble.of((double) (bytesAtLast - bytesAtFirst) / interrupts)
                : OptionalDouble.empty();
    }

    /** What the calling thread has allocated so far. */
    static long bytesAllocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** A deadline from now on. */
    static long deadline() {
        return System.nanoTime() + PATIENCE_NANOS;
    }
}
