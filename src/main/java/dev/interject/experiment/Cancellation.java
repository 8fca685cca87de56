package dev.interject.experiment;

import java.util.concurrent.locks.LockSupport;

/** The user's wish to end a run early; told from any thread, noticed by the run within a few milliseconds. */
public final class Cancellation {

    private volatile boolean requested;
    private volatile Thread waiter;

    /** Not requested yet. */
    public Cancellation() {}

    public void request() {
        requested = true;
        LockSupport.unpark(waiter);
    }

    public boolean isRequested() {
        return requested;
    }

    /** Names the thread to wake on a request. */
    public void wakes(Thread thread) {
        waiter = thread;
    }
}
