package dev.interject.experiment.bench;

import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import com.sun.management.ThreadMXBean;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.guest.Mailbox;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * Records when the handlers of one guest acknowledge. It is created by the injecting thread, and allocates nothing
 * while the guest runs.
 */
final class BenchListener implements MachineListener {

    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Thread injecting = Thread.currentThread();
    private final Cancellation cancellation;
    private final int vector;
    private final int firstCounted;
    private final int lastCounted;

    private volatile boolean ready;
    private volatile Supplier<Ending> trouble;
    private volatile Mailbox mailbox;
    private volatile int acknowledgements;
    // of the last acknowledgement; published by the write of `acknowledgements`
    private long takenAt;
    private long enteredAt;
    private long bytesAtFirst;
    private long bytesAtLast;

    /**
     * @param vector       whose acknowledgements count
     * @param firstCounted the acknowledgement from which the allocations of the vCPU's thread count
     * @param lastCounted  the acknowledgement up to which they count
     */
    BenchListener(Cancellation cancellation, int vector, int firstCounted, int lastCounted) {
        this.cancellation = cancellation;
        this.vector = vector;
        this.firstCounted = firstCounted;
        this.lastCounted = lastCounted;
    }

    /** Sets the mailbox with the handlers' time stamps; to be called before the first interrupt. */
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
    public void taken(int vcpu, int takenVector) {
        if (takenVector != vector) {
            return;
        }
        takenAt = System.nanoTime();
        enteredAt = mailbox.enteredAt(vector);
        int acknowledgement = acknowledgements + 1;
        if (acknowledgement == firstCounted) {
            bytesAtFirst = THREADS.getCurrentThreadAllocatedBytes();
        }
        if (acknowledgement == lastCounted) {
            bytesAtLast = THREADS.getCurrentThreadAllocatedBytes();
        }
        acknowledgements = acknowledgement;
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
        fail(() -> Ending.of(end));
    }

    private void crash(String how) {
        fail(() -> Ending.of(Outcome.GUEST_CRASHED, how));
    }

    private void fail(Supplier<Ending> why) {
        trouble = why;
        LockSupport.unpark(injecting);
    }

    // --- the injecting thread

    void awaitReady() {
        long deadline = System.nanoTime() + 2 * PATIENCE_NANOS;
        while (!ready) {
            await(deadline, "the guest did not become ready in time");
        }
    }

    /** Waits for the {@code count}-th acknowledgement. */
    void awaitTaken(int count) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (acknowledgements < count) {
            await(deadline, "an interrupt was not taken");
        }
    }

    private void await(long deadline, String otherwise) {
        check(deadline, otherwise);
        LockSupport.parkNanos(this, deadline - System.nanoTime());
    }

    /** Throws what ended the round, if anything did; to be called in every loop that waits. */
    void check(long deadline, String otherwise) {
        if (trouble != null) {
            throw new EndedEarlyException(trouble.get());
        }
        if (cancellation.isRequested()) {
            throw new EndedEarlyException(Outcome.INTERRUPTED, "ended by the user");
        }
        if (deadline - System.nanoTime() <= 0) {
            throw new EndedEarlyException(Outcome.TIMED_OUT, otherwise);
        }
    }

    /** How many interrupts the handler has acknowledged. */
    int acknowledgements() {
        return acknowledgements;
    }

    /** {@link System#nanoTime()} at the last acknowledgement. */
    long takenAt() {
        return takenAt;
    }

    /** The guest's time-stamp counter at the last entry of its handler. */
    long enteredAt() {
        return enteredAt;
    }

    /** Bytes that the vCPU's thread allocated for each counted interrupt. */
    OptionalDouble bytesPerInterrupt() {
        int interrupts = lastCounted - firstCounted;
        return interrupts > 0
                ? OptionalDouble.of((double) (bytesAtLast - bytesAtFirst) / interrupts)
                : OptionalDouble.empty();
    }

    /** Bytes that the calling thread has allocated so far. */
    static long bytesAllocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** The deadline of a wait that begins now. */
    static long deadline() {
        return System.nanoTime() + PATIENCE_NANOS;
    }
}
