package dev.interject.machine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;

import dev.interject.interrupt.CpuException;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * Keeps a guest's events and lets threads wait for them. Thread-safe; takes a lock only while a thread waits.
 *
 * <p>When a vCPU ends, each wait for an event that has not occurred ends with a {@link VcpuEndedException}.
 */
public final class GuestEvents implements MachineListener {

    private static final int VECTORS = 256;

    private final AtomicLongArray taken = new AtomicLongArray(VECTORS);
    private volatile boolean ready;
    private volatile VcpuEnd end;
    /** How many threads wait; written under the lock. */
    private volatile int waiting;

    /** No event has occurred. */
    public GuestEvents() {}

    /**
     * Waits until the guest is set up.
     *
     * @param  time                 how long at most
     * @return                      whether it is
     * @throws VcpuEndedException   if a vCPU ends first
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitReady(Duration time) throws InterruptedException {
        return await(() -> ready, time);
    }

    /**
     * Waits until the handlers of a vector have run a number of times since the start, on all vCPUs together.
     *
     * @param  vector               0–255
     * @param  times                how many times
     * @param  time                 how long at most
     * @return                      whether they have
     * @throws VcpuEndedException   if a vCPU ends first
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitTaken(int vector, long times, Duration time) throws InterruptedException {
        return await(() -> taken.get(vector) >= times, time);
    }

    private synchronized boolean await(BooleanSupplier occurred, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        waiting++; // before the event is looked for: an event that occurs from now on notifies
        try {
            while (!occurred.getAsBoolean()) {
                if (end != null) {
                    throw new VcpuEndedException(end);
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } finally {
            waiting--;
        }
    }

    @Override
    public void ready() {
        ready = true;
        wakeWaiting();
    }

    @Override
    public void taken(int vcpu, int vector) {
        taken.getAndIncrement(vector);
        wakeWaiting();
    }

    @Override
    public void fault(int vcpu, int vector) {
        ended(new VcpuEnd.Crashed(vcpu,
                "exception %d (%s) stopped it".formatted(vector, CpuException.mnemonic(vector))));
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // the guest counts these in its mailbox
    }

    @Override
    public synchronized void ended(VcpuEnd first) {
        if (end == null) { // later ends follow from the first
            end = first;
            notifyAll();
        }
    }

    private void wakeWaiting() {
        if (waiting > 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }
}
