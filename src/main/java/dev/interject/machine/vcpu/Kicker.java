package dev.interject.machine.vcpu;

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
 * <p>Whoever wants something first leaves word, then kicks. The kick sets {@code immediate_exit}, which closes the race
 * with an entry that is about to happen, and sends the signal, which ends one that has. The vCPU's thread clears it
 * first ({@link #listen}) and looks for word afterwards, so none is overlooked.
 */
final class Kicker implements Kick {

    private enum Place {
        /** On the vCPU's thread, in Java. */
        OUTSIDE,
        /** In {@code KVM_RUN}, or just before or after it. */
        IN_GUEST,
        /** Asleep, since the guest is halted or has ended. */
        PARKED,
        /** The thread is done; its number may soon be another thread's. */
        GONE
    }

    private final Vcpu vcpu;
    private final VcpuTrace trace;
    private final Object sending = new Object();
    private volatile Place place = Place.OUTSIDE;
    private volatile Thread thread;
    private KickSignal signal;
    /** A signal is under way to the thread; guarded by {@code sending}. */
    private boolean signalled;

    Kicker(Vcpu vcpu, VcpuTrace trace) {
        this.vcpu = vcpu;
        this.trace = trace;
    }

    @Override
    public void kick() {
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
            case OUTSIDE, GONE -> KickEffect.ALREADY_OUT; // it looks for word before it enters the guest again
        });
    }

    /**
     * One signal at a time is under way: each takes up room in a quota that all processes of a user share
     * (RLIMIT_SIGPENDING), and one is enough. Where the quota is full, there may be room in a moment.
     */
    private void sendSignal() {
        long deadline = System.nanoTime() + VcpuTasks.PATIENCE.toNanos();
        while (!trySendSignal(deadline)) {
            Thread.onSpinWait();
        }
    }

    private boolean trySendSignal(long deadline) {
        // A signal to a thread that has ended could hit another thread that got its number, and end the process.
        synchronized (sending) {
            if (place != Place.IN_GUEST || signalled) {
                return true;
            }
            try {
                signal.send();
                signalled = true;
                return true;
            } catch (SystemCallException failed) {
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

    /** To be called before looking for word: a kick from now on is noticed at the next entry. */
    void listen() {
        vcpu.setImmediateExit(false);
    }

    /** Returns when that is, if anything is recorded. */
    long enterGuest() {
        place = Place.IN_GUEST;
        return trace.now();
    }

    /**
     * Makes the next {@code KVM_RUN} return before the first instruction, but, unlike {@code immediate_exit}, after it
     * has looked at what there is to be injected, and whether that wakes the vCPU.
     */
    void exitBeforeFirstInstruction() {
        place = Place.IN_GUEST;
        sendSignal();
    }

    void leaveGuest() {
        place = Place.OUTSIDE;
    }

    /** Takes the signal away; the next kick sends another. */
    void consumeSignal() {
        synchronized (sending) {
            signalled = false;
            signal.consume();
        }
    }

    /** Sleeps until kicked, unless there is word already. */
    void sleepUnless(BooleanSupplier word) {
        place = Place.PARKED;
        // Word left before PARKED was visible came without an unpark; so look once more before sleeping.
        if (!word.getAsBoolean()) {
            long since = trace.now();
            LockSupport.park(this);
            trace.slept(since);
        }
        place = Place.OUTSIDE;
    }

    /**
     * To be called last. After this no signal comes; those that came late are taken away, or they would end the
     * process.
     */
    void disarm() {
        synchronized (sending) {
            place = Place.GONE;
        }
        // When a thread ends, HotSpot restores the signal mask that it was created with, which does not block ours.
        if (signal != null) {
            consumeSignal();
        }
    }
}
