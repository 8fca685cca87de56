package dev.interject.machine.vcpu;

import java.util.concurrent.locks.LockSupport;

import dev.interject.linux.Failure;

/**
 * Bounds how often a {@code KVM_RUN} is repeated that failed at once with an error after which it is to be repeated.
 * On the vCPU's thread.
 */
final class RunRetries {

    /** A call that took longer has waited for something or run the guest. */
    private static final long AT_ONCE_NANOS = 500_000;
    private static final int WITHOUT_PAUSE = 16;
    private static final long PAUSE_NANOS = 10_000_000;
    /** About a second of pauses. */
    private static final int MOST = WITHOUT_PAUSE + 100;

    private int inARow;
    private long resumed;

    /** A call did not fail. */
    void reset() {
        inARow = 0;
    }

    /**
     * A call failed: returns when it may be repeated.
     *
     * @param  bounded whether the guest cannot be the reason
     * @throws dev.interject.linux.error.SystemCallException {@code KVM_RUN: …} after too many in a row
     */
    void pauseBeforeNext(int errno, boolean bounded) {
        inARow = System.nanoTime() - resumed < AT_ONCE_NANOS ? inARow + 1 : 1;
        if (bounded && inARow > MOST) {
            throw Failure.of("KVM_RUN", errno);
        }
        if (inARow > WITHOUT_PAUSE) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        resumed = System.nanoTime();
    }
}
