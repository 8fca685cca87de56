package dev.interject.machine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.interject.interrupt.CpuException;
import dev.interject.machine.vcpu.MachineListener;

/**
 * Hears what a guest rings, and lets threads wait for it: the listener for whoever injects by hand. Thread-safe.
 *
 * <p>Where the guest cannot run on, waiting ends with an {@link IllegalStateException} that says why.
 */
public final class GuestEvents implements MachineListener {

    private static final int VECTORS = 256;

    private final long[] taken = new long[VECTORS];
    private boolean ready;
    private String end;
    private Throwable failure;

    /** Nothing was heard yet. */
    public GuestEvents() {}

    /**
     * Waits until the guest is set up.
     *
     * @param  time                  how long, at most
     * @return                       whether it is
     * @throws IllegalStateException where the guest cannot run on
     * @throws InterruptedException  where the waiting thread is interrupted
     */
    public boolean awaitReady(Duration time) throws InterruptedException {
        return await(() -> ready, time);
    }

    /**
     * Waits until the handlers of a vector have spoken so often since the start, those of all vCPUs together.
     *
     * @param  vector                0–255
     * @param  times                 how often
     * @param  time                  how long, at most
     * @return                       whether they have
     * @throws IllegalStateException where the guest cannot run on
     * @throws InterruptedException  where the waiting thread is interrupted
     */
    public boolean awaitTaken(int vector, long times, Duration time) throws InterruptedException {
        return await(() -> taken[vector] >= times, time);
    }

    private synchronized boolean await(BooleanSupplier heard, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!heard.getAsBoolean()) {
            if (end != null) {
                throw new IllegalStateException(end, failure);
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    @Override
    public synchronized void ready() {
        ready = true;
        notifyAll();
    }

    @Override
    public synchronized void taken(int vcpu, int vector) {
        taken[vector]++;
        notifyAll();
    }

    @Override
    public void fault(int vcpu, int vector) {
        end("exception %d (%s) stopped vCPU %d".formatted(vector, CpuException.mnemonic(vector), vcpu), null);
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // the guest counts these itself: Mailbox.spurious
    }

    @Override
    public void crashed(int vcpu, String how) {
        end("vCPU %d crashed: %s".formatted(vcpu, how), null);
    }

    @Override
    public void failed(Throwable cause) {
        end("a vCPU's thread failed: " + cause.getMessage(), cause);
    }

    private synchronized void end(String reason, Throwable cause) {
        if (end == null) { // what comes after the first comes of it
            end = reason;
            failure = cause;
            notifyAll();
        }
    }
}
