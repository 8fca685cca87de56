package dev.interject.experiment.boot;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.interject.device.pc.PowerControl;
import dev.interject.experiment.Cancellation;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** Waits for the end of a guest, which any thread reports; the first counts. */
final class BootMonitor implements MachineListener, PowerControl {

    private final AtomicReference<BootEnd> end = new AtomicReference<>();
    private final Thread waiter = Thread.currentThread();

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

    /** By the thread that made this. */
    BootEnd await(Optional<Duration> timeout, Cancellation cancellation) {
        cancellation.wakes(waiter);
        long start = System.nanoTime();
        while (end.get() == null) {
            if (cancellation.isRequested()) {
                end(new BootEnd.Interrupted());
            } else if (timeout.isEmpty()) {
                LockSupport.park(this);
            } else {
                long left = timeout.get().toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    end(new BootEnd.TimedOut(timeout.get()));
                } else {
                    LockSupport.parkNanos(this, left);
                }
            }
        }
        return end.get();
    }
}
