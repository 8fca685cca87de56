package dev.interject.machine.vcpu;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Work that another thread wants done on a vCPU's thread. It is answered exactly once: by its result or by an end. */
final class VcpuTask<T> extends FutureTask<T> {

    private volatile boolean waitsForWindow;

    VcpuTask(Callable<T> work, boolean waitsForWindow) {
        super(work);
        this.waitsForWindow = waitsForWindow;
    }

    /** Whether it is to run only when the vCPU can take an interrupt. */
    boolean waitsForWindow() {
        return waitsForWindow;
    }

    /** From now on it runs as soon as it is posted. */
    void waitNoLonger() {
        waitsForWindow = false;
    }

    /** Answers with a {@link VcpuEndedException}, unless the task has been answered. */
    void refuse(VcpuEnd end) {
        setException(new VcpuEndedException(end));
    }
}
