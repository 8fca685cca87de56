package dev.interject.machine.vcpu;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Work that another thread wants done on a vCPU's thread. It is answered exactly once: by its result or by an end. */
final class VcpuTask<T> extends FutureTask<T> {

    VcpuTask(Callable<T> work) {
        super(work);
    }

    /** Answers with a {@link VcpuEndedException}, unless the task has been answered. */
    void refuse(VcpuEnd end) {
        setException(new VcpuEndedException(end));
    }
}
