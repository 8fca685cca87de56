package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.timespec;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

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
     * @throws SystemCallException {@code rt_sigprocmask: …}
     */
    public static KickSignal blockedInThisThread() {
        Arena arena = Arena.ofAuto();
        MemorySegment set = arena.allocate(ValueLayout.JAVA_LONG); // the kernel's, not glibc's of 1024 bits
        MemorySegment before = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment noTime = arena.allocate(timespec.layout());
        int signal = (int) SIGRTMIN.call(0);
        set.set(ValueLayout.JAVA_LONG, 0, bit(signal));
        int result = SystemCall.blockSignals(set, before);
        if (result < 0) {
            throw Failure.of("rt_sigprocmask", -result);
        }
        return new KickSignal(signal, SystemCall.process(), SystemCall.thread(), before.get(ValueLayout.JAVA_LONG, 0),
                set, noTime);
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
        int result = SystemCall.tgkill(process, thread, signal);
        if (result < 0) {
            throw Failure.of("tgkill", -result);
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
        int result = SystemCall.sigtimedwait(justThisSignal, noTime);
        if (result >= 0) {
            return true;
        }
        if (result == -Errno.EAGAIN) {
            return false;
        }
        if (result == -Errno.EINTR) { // another signal came between; nothing is known of ours yet
            return consumeOne();
        }
        throw Failure.of("sigtimedwait", -result);
    }
}
