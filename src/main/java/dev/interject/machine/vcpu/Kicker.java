package dev.interject.machine.vcpu;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.interject.interrupt.inject.Kick;
import dev.interject.kvm.Vcpu;
import dev.interject.linux.KickSignal;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import dev.interject.trace.KickEffect;

/**
 * Brings a vCPU out of the guest, or its thread out of sleep, from any thread.
 *
 * <p>A thread first posts its task, then kicks. The kick sets {@code immediate_exit}, which covers an entry
 * that is about to happen, and sends the signal, which ends one that has happened. The vCPU's thread consumes both
 * first ({@link #consume}) and looks for what was posted afterwards, so that no post is overlooked.
 */
final class Kicker implements Kick {

    private enum Place {
        /** On the vCPU's thread, in Java. */
        OUTSIDE,
        /** In {@code KVM_RUN}, or just before or after it. */
        IN_GUEST,
        /** Asleep, since the guest sleeps or the vCPU is held. */
        PARKED,
        /** The thread has finished; its number may soon be another thread's. */
        GONE
    }

    private static final Duration KICK_AGAIN = Duration.ofMillis(100);
    private static final long SIGNAL_PATIENCE_NANOS = 2_000_000_000;
    private static final long SIGNAL_RETRY_NANOS = 100_000;

    private final Vcpu vcpu;
    private final VcpuTrace trace;
    private final Object sending = new Object();
    private volatile Place place = Place.OUTSIDE;
    private volatile Thread thread;
    private volatile boolean closed;
    private KickSignal signal;
    /** A signal is pending or about to be sent; written under the lock. */
    private volatile boolean signalled;
    /** The thread has finished, but a signal that cannot be consumed is pending. */
    private volatile boolean stranded;

    Kicker(Vcpu vcpu, VcpuTrace trace) {
        this.vcpu = vcpu;
        this.trace = trace;
    }

    /** @throws IllegalStateException if the machine is closed */
    @Override
    public void kick() {
        if (!tryKick()) {
            throw new IllegalStateException("the machine is closed");
        }
    }

    /** Returns false if the machine is closed. */
    boolean tryKick() {
        if (closed) {
            return false;
        }
        long since = trace.now();
        vcpu.setImmediateExit(true);
        trace.kicked(since, switch (place) {
            case IN_GUEST -> {
                sendSignal();
                yield KickEffect.SIGNALLED;
            }
            case PARKED -> {
                LockSupport.unpark(thread);
                yield KickEffect.WOKEN;
            }
            // the thread looks at its inbox before it enters the guest again
            case OUTSIDE, GONE -> KickEffect.ALREADY_OUT;
        });
        return true;
    }

    /**
     * Kicks until the thread has ended; returns whether it has within the time.
     *
     * @throws IllegalStateException on that thread, which cannot wait for itself
     */
    boolean awaitEnd(Thread ending, Duration patience) {
        if (Thread.currentThread() == ending) {
            throw new IllegalStateException("a vCPU's own thread cannot wait for its end");
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.toNanos();
        while (ending.isAlive() && !stranded && deadline - System.nanoTime() > 0) {
            kick();
            try {
                ending.join(KICK_AGAIN);
            } catch (InterruptedException later) {
                interrupted = true; // the thread must be gone before its memory is
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !ending.isAlive() || stranded;
    }

    /** From now on kicks are refused: the vCPU may be unmapped. */
    void close() {
        closed = true;
    }

    /**
     * At most one signal is pending: each counts towards a limit that all processes of a user share
     * (RLIMIT_SIGPENDING), and one is enough. When the limit is reached, retries for a bounded time.
     */
    private void sendSignal() {
        long deadline = System.nanoTime() + SIGNAL_PATIENCE_NANOS;
        while (!trySendSignal(deadline)) {
            LockSupport.parkNanos(this, SIGNAL_RETRY_NANOS);
        }
    }

    private boolean trySendSignal(long deadline) {
        // A signal to a thread that has ended could hit another thread that got its number, and end the process.
        synchronized (sending) {
            if (place != Place.IN_GUEST || signalled) {
                return true;
            }
            signalled = true; // first: the thread must not overlook a signal that has been sent
            try {
                signal.send();
                return true;
            } catch (SystemCallException failed) {
                signalled = false;
                if (failed.errno().number() != Errno.EAGAIN || deadline - System.nanoTime() < 0) {
                    throw failed;
                }
                return false;
            }
        }
    }

    // --- the vCPU's thread

    /** To be called first: from now on this thread can be kicked. */
    void arm() {
        thread = Thread.currentThread();
        signal = KickSignal.blockedInThisThread();
        vcpu.setSignalMask(signal.maskThatLetsItThrough());
    }

    /** Whether a kick, or an exit that this thread requested, has not been consumed. */
    boolean isPending() {
        return signalled || vcpu.immediateExit();
    }

    /**
     * Consumes all kicks so far; a later one makes the next entry return at once.
     *
     * @return whether {@code immediate_exit} was set, so that the last entry may have done nothing
     */
    boolean consume() {
        boolean set = vcpu.immediateExit();
        if (set) {
            vcpu.setImmediateExit(false);
        }
        if (signalled) {
            consumeSignal();
        }
        return set;
    }

    private void consumeSignal() {
        synchronized (sending) {
            signal.consume();
            signalled = false;
        }
    }

    /** Returns when that is, if events are recorded. */
    long enterGuest() {
        place = Place.IN_GUEST;
        return trace.now();
    }

    void leaveGuest() {
        place = Place.OUTSIDE;
    }

    /** Makes the next entry complete an open port or memory access, and do nothing else. */
    void exitAtEntry() {
        vcpu.setImmediateExit(true);
    }

    /**
     * Makes the next entry return before the first instruction, but, unlike {@link #exitAtEntry}, after the kernel has
     * looked for interrupts to inject and whether they wake the vCPU.
     */
    void exitBeforeFirstInstruction() {
        place = Place.IN_GUEST;
        sendSignal();
    }

    /**
     * Sleeps until kicked, unless there is work.
     *
     * @param halted whether the guest sleeps, rather than being held
     */
    void sleepUnless(BooleanSupplier work, boolean halted) {
        place = Place.PARKED;
        // A kick before PARKED was visible did not unpark, so check again before sleeping.
        if (!work.getAsBoolean()) {
            long since = trace.now();
            LockSupport.park(this);
            trace.slept(since, halted);
        }
        place = Place.OUTSIDE;
    }

    /**
     * No signal is sent after this, and pending ones are consumed.
     *
     * @throws SystemCallException if they cannot be consumed, as under a seccomp filter without {@code sigtimedwait}
     */
    void disarm() {
        synchronized (sending) {
            place = Place.GONE;
        }
        if (signal != null) {
            consumeSignal();
        }
    }

    /**
     * To be called last, when nothing but the thread's end is left. Where a signal is still pending, the thread must
     * not end: HotSpot restores the signal mask that it was created with, which lets the signal through, and the signal
     * ends the process. So it sleeps as long as the process lives, and counts as ended.
     */
    void endThread() {
        if (signalled) {
            stranded = true;
            while (true) {
                LockSupport.park(this);
                Thread.interrupted(); // an interrupted thread does not sleep
            }
        }
    }
}
