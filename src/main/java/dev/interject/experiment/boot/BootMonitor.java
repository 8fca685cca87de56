package dev.interject.experiment.boot;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.interject.device.pc.PowerControl;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** Waits for the end of a guest, which any thread reports; the first counts. Any thread may wait. */
final class BootMonitor implements MachineListener, PowerControl {

    private final AtomicReference<BootEnd> end = new AtomicReference<>();
    private final Set<Thread> waiters = ConcurrentHashMap.newKeySet();
    private final Runnable ended;
    private volatile boolean shown;

    /** @param ended runs once, on the thread that reports the end */
    BootMonitor(Runnable ended) {
        this.ended = ended;
    }

    void end(BootEnd how) {
        if (end.compareAndSet(null, how)) {
            ended.run();
            waiters.forEach(LockSupport::unpark);
        }
    }

    @Override
    public void exit(int value) {
        end(new BootEnd.Exited(value));
    }

    @Override
    public void reset(String cause) {
        end(new BootEnd.Reset(cause));
    }

    @Override
    public void ended(VcpuEnd how) {
        switch (how) {
            case VcpuEnd.Crashed crashed -> end(new BootEnd.Crashed(crashed));
            case VcpuEnd.HostFailed(int _, Throwable cause) -> end(new BootEnd.HostFailed(cause));
            case VcpuEnd.Stopped _ -> {
                // not reported
            }
        }
    }

    /** How the guest has ended; empty while it runs. */
    Optional<BootEnd> end() {
        return Optional.ofNullable(end.get());
    }

    /** Waits for the end, or ends it when the time is up or the user cancels. */
    BootEnd await(Optional<Duration> timeout, Cancellation cancellation) {
        if (pause(timeout.map(Deadline::after), cancellation)) {
            end(new BootEnd.TimedOut(timeout.orElseThrow()));
        }
        return end.get();
    }

    /**
     * Waits until the guest has ended, the user cancels, which ends it, or the time is up; returns whether it still
     * runs.
     */
    boolean pause(Optional<Deadline> until, Cancellation cancellation) {
        Thread waiter = Thread.currentThread();
        cancellation.wakes(waiter);
        waiters.add(waiter);
        try {
            while (isGoingOn(cancellation) && (until.isEmpty() || !until.get().isOver())) {
                if (until.isEmpty()) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, until.get().nanosLeft());
                }
            }
        } finally {
            waiters.remove(waiter);
        }
        return end.get() == null;
    }

    /**
     * Waits until the guest has ended or the time is up.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Optional<BootEnd> await(Deadline deadline) throws InterruptedException {
        Thread waiter = Thread.currentThread();
        waiters.add(waiter);
        try {
            while (end.get() == null && !deadline.isOver()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, deadline.nanosLeft());
            }
        } finally {
            waiters.remove(waiter);
        }
        return end();
    }

    /** The console has shown the text at which the guest is held. */
    void shown() {
        shown = true;
        waiters.forEach(LockSupport::unpark);
    }

    /** As {@link #pause}, but waits for that text only; returns whether it was shown. */
    boolean awaitShown(Deadline until, Cancellation cancellation) {
        Thread waiter = Thread.currentThread();
        cancellation.wakes(waiter);
        waiters.add(waiter);
        try {
            while (!shown && isGoingOn(cancellation) && !until.isOver()) {
                LockSupport.parkNanos(this, until.nanosLeft());
            }
        } finally {
            waiters.remove(waiter);
        }
        return shown;
    }

    /** Whether the guest runs; it ends if the user cancels. */
    private boolean isGoingOn(Cancellation cancellation) {
        if (cancellation.isRequested()) {
            end(new BootEnd.Interrupted());
        }
        return end.get() == null;
    }
}
