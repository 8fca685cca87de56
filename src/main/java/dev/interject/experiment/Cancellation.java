package dev.interject.experiment;

import java.util.concurrent.locks.LockSupport;

/** The user's request to end an experiment early. Thread-safe; an experiment notices it within milliseconds. */
public final class Cancellation {

    private volatile boolean requested;
    private volatile Thread waiter;

    /** Not requested yet. */
    public Cancellation() {}

    /** Requests the end, and wakes the experiment's thread. */
    public void request() {
        requested = true;
        LockSupport.unpark(waiter);
    }

    /** Whether the end was requested. */
    public boolean isRequested() {
        return requested;
    }

    /** Sets the thread that a request wakes. */
    public void wakes(Thread thread) {
        waiter = thread;
    }
}
