package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.timespec;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A real-time signal that makes one thread leave {@code KVM_RUN}, without a signal handler.
 *
 * <p>The signal is blocked in the thread. {@code KVM_RUN} unblocks it for its own duration by the mask {@link
 * #maskThatLetsItThrough()} ({@code KVM_SET_SIGNAL_MASK}), and the thread consumes it afterwards. A handler cannot be
 * used: an upcall into Java from a signal handler aborts the JVM. Created on the thread that receives the signal; the
 * rest of that thread's mask belongs to the JVM and is not changed.
 */
public final class KickSignal {

    private static final int ATTEMPTS = 1000;

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
     * Blocks the signal in the calling thread, which will receive it.
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

    /** The thread's signal mask as the kernel's 64-bit set (bit n−1 blocks signal n), with this signal unblocked. */
    public long maskThatLetsItThrough() {
        return threadMask & ~bit(signal);
    }

    /**
     * Sends the signal to its thread ({@code tgkill(2)}), from any thread. The caller ensures that the receiving thread
     * is alive.
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
     * Consumes all pending signals without waiting ({@code sigtimedwait(2)}), on the receiving thread. A signal that
     * stays pending makes every later {@code KVM_RUN} return at once; real-time signals queue, so there can be several.
     *
     * @return whether any was pending
     * @throws SystemCallException {@code sigtimedwait: …}
     */
    public boolean consume() {
        boolean any = false;
        while (consumeOne()) {
            any = true;
        }
        return any;
    }

    private boolean consumeOne() {
        int result = -Errno.EINTR; // another signal interrupted the wait
        for (int attempt = 0; result == -Errno.EINTR && attempt < ATTEMPTS; attempt++) {
            result = SystemCall.sigtimedwait(justThisSignal, noTime);
        }
        if (result < 0 && result != -Errno.EAGAIN) {
            throw Failure.of("sigtimedwait", -result);
        }
        return result >= 0;
    }
}
