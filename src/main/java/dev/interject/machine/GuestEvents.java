package dev.interject.machine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;

import dev.interject.guest.Mailbox;
import dev.interject.interrupt.CpuException;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * Keeps a guest's events and lets threads wait for them. Thread-safe; takes a lock only while a thread waits.
 *
 * <p>When a vCPU ends, each wait for an event that has not occurred ends with a {@link VcpuEndedException}.
 */
final class GuestEvents implements MachineListener {

    private final AtomicLongArray taken = new AtomicLongArray(Mailbox.VECTORS);
    private volatile boolean ready;
    private Optional<VcpuEnd> end = Optional.empty();
    /** How many threads wait; written under the lock. */
    private volatile int waiting;

    private final MachineListener next;

    /** @param next receives each event as well */
    GuestEvents(MachineListener next) {
        this.next = next;
    }

    /** See {@link Machine#awaitReady}. */
    boolean awaitReady(Duration time) throws InterruptedException {
        return await(() -> ready, time);
    }

    /** See {@link Machine#awaitTaken}. */
    boolean awaitTaken(int vector, long times, Duration time) throws InterruptedException {
        return await(() -> taken.get(vector) >= times, time);
    }

    private synchronized boolean await(BooleanSupplier occurred, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
        waiting++; // before the event is looked for: an event that occurs from now on notifies
        try {
            while (!occurred.getAsBoolean()) {
                if (end.isPresent()) {
                    throw new VcpuEndedException(end.get());
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
        next.ready();
    }

    @Override
    public void taken(int vcpu, int vector) {
        taken.getAndIncrement(vector);
        wakeWaiting();
        next.taken(vcpu, vector);
    }

    @Override
    public void fault(int vcpu, int vector) {
        end(new VcpuEnd.Crashed(vcpu,
                "exception %d (%s) stopped it".formatted(vector, CpuException.mnemonic(vector))));
        next.fault(vcpu, vector);
    }

    @Override
    public void spurious(int vcpu, int vector) {
        next.spurious(vcpu, vector); // the guest counts these in its mailbox
    }

    @Override
    public void ended(VcpuEnd how) {
        end(how);
        next.ended(how);
    }

    /** The machine stops: no event comes any more. */
    void stop() {
        end(new VcpuEnd.Stopped(Machine.BOOT_VCPU));
    }

    private synchronized void end(VcpuEnd how) {
        if (end.isEmpty()) { // later ends follow from the first
            end = Optional.of(how);
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
