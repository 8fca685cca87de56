package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.sigset_t;
import dev.interject.bindings.timespec;

/**
 * A real-time signal that one thread blocks and others send to it, so that it interrupts only a system call that lets
 * it through, and is then consumed without a handler.
 *
 * <p>There is no handler on purpose: an upcall into Java as a signal handler aborts the JVM. The signal stays blocked
 * in the thread; {@code KVM_RUN} unblocks it for its own duration by the mask from {@link #maskThatLetsItThrough()}
 * ({@code KVM_SET_SIGNAL_MASK}). Made on the thread that is to receive it; the rest of that thread's mask is the JVM's
 * business and stays as it is.
 */
public final class KickSignal {

    private static final NativeFunction SIGRTMIN = NativeFunction.named("__libc_current_sigrtmin");
    private static final NativeFunction GETTID = NativeFunction.named("gettid");
    private static final NativeFunction GETPID = NativeFunction.named("getpid");
    /** Returns the error number instead of setting errno. */
    private static final NativeFunction PTHREAD_SIGMASK = NativeFunction.named("pthread_sigmask");
    private static final NativeFunction TGKILL = NativeFunction.named("tgkill");
    private static final NativeFunction SIGTIMEDWAIT = NativeFunction.named("sigtimedwait");

    private final int signal;
    private final int process;
    private final int thread;
    private final long threadMask;
    private final MemorySegment justThisSignal;
    private final MemorySegment noTime;

    private KickSignal(int signal, int process, int thread, long threadMask, MemorySegment justThisSignal,
            MemorySegment noTime) {
        this.signal = signal;
        this.process = process;
        this.thread = thread;
        this.threadMask = threadMask;
        this.justThisSignal = justThisSignal;
        this.noTime = noTime;
    }

    /**
     * Blocks the signal in the calling thread and returns the means to send it here.
     *
     * @throws SystemCallException {@code pthread_sigmask: …}
     */
    public static KickSignal blockedInThisThread() {
        Arena arena = Arena.ofAuto();
        MemorySegment set = arena.allocate(sigset_t.layout());
        MemorySegment before = arena.allocate(sigset_t.layout());
        MemorySegment noTime = arena.allocate(timespec.layout());
        MemorySegment state = NativeFunction.callState();
        int signal = (int) SIGRTMIN.call(state, 0);
        set.set(ValueLayout.JAVA_LONG, 0, bit(signal));
        int error = (int) PTHREAD_SIGMASK.call(state, NativeHeaders.SIG_BLOCK(), set.address(), before.address());
        if (error != 0) {
            throw new SystemCallException("pthread_sigmask", error);
        }
        int process = (int) GETPID.call(state, 0);
        int thread = (int) GETTID.call(state, 0);
        return new KickSignal(signal, process, thread, before.get(ValueLayout.JAVA_LONG, 0), set, noTime);
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** The thread's signal mask, as the kernel's 64-bit set, with this signal let through. */
    public long maskThatLetsItThrough() {
        return threadMask & ~bit(signal);
    }

    /**
     * Sends the signal to its thread ({@code tgkill(2)}), from any thread. The receiving thread must still be alive:
     * the caller holds that.
     *
     * @throws SystemCallException {@code tgkill: …}
     */
    public void send() {
        MemorySegment state = NativeFunction.callState();
        int result = (int) TGKILL.call(state, process, thread, signal);
        if (result < 0) {
            throw new SystemCallException("tgkill", NativeFunction.errno(state));
        }
    }

    /**
     * Takes away, without waiting, what is pending ({@code sigtimedwait(2)}), on the receiving thread. One that was
     * left would make every later {@code KVM_RUN} return at once; and real-time signals queue, so there can be several.
     *
     * @return whether any was pending
     */
    public boolean consume() {
        boolean any = false;
        while (consumeOne()) {
            any = true;
        }
        return any;
    }

    private boolean consumeOne() {
        MemorySegment state = NativeFunction.callState();
        int result = (int) SIGTIMEDWAIT.call(state, justThisSignal.address(), 0, noTime.address());
        NativeFunction.keepAlive(justThisSignal);
        NativeFunction.keepAlive(noTime);
        if (result >= 0) {
            return true;
        }
        int errno = NativeFunction.errno(state);
        if (errno == Errno.EAGAIN) {
            return false;
        }
        if (errno == Errno.EINTR) { // another signal came between; nothing is known of ours yet
            return consumeOne();
        }
        throw new SystemCallException("sigtimedwait", errno);
    }
}
