package dev.interject.experiment.boot;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.interject.device.pc.PowerControl;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** Waits for the end of a guest, which any thread reports; the first counts. */
public final class BootMonitor implements MachineListener, PowerControl {

    private final AtomicReference<BootEnd> end = new AtomicReference<>();
    private final Thread waiter = Thread.currentThread();

    /** For the current thread, which alone may wait. */
    public BootMonitor() {}

    void end(BootEnd how) {
        if (end.compareAndSet(null, how)) {
            LockSupport.unpark(waiter);
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
    public Optional<BootEnd> end() {
        return Optional.ofNullable(end.get());
    }

    /** Waits for the end, or ends it when the time is up or the user cancels. By the thread that made this. */
    BootEnd await(Optional<Duration> timeout, Cancellation cancellation) {
        cancellation.wakes(waiter);
        Optional<Deadline> deadline = timeout.map(Deadline::after);
        while (isGoingOn(cancellation)) {
            if (deadline.isEmpty()) {
                LockSupport.park(this);
            } else if (deadline.get().isOver()) {
                end(new BootEnd.TimedOut(timeout.get()));
            } else {
                LockSupport.parkNanos(this, deadline.get().nanosLeft());
            }
        }
        return end.get();
    }

    /** Waits until the time is up or the guest has ended; returns whether it still runs. */
    public boolean pause(Deadline until, Cancellation cancellation) {
        cancellation.wakes(waiter);
        while (isGoingOn(cancellation) && !until.isOver()) {
            LockSupport.parkNanos(this, until.nanosLeft());
        }
        return end.get() == null;
    }

    /** Whether the guest runs; it ends if the user cancels. */
    private boolean isGoingOn(Cancellation cancellation) {
        if (cancellation.isRequested()) {
            end(new BootEnd.Interrupted());
        }
        return end.get() == null;
    }
}
