package dev.interject.linux;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/**
 * A system call of this process that took the host long, as on a host with too much to do.
 *
 * @param name  such as {@code KVM_SET_USER_MEMORY_REGION}
 * @param nanos how long it took
 * @param end   when it returned, by {@link System#nanoTime()}
 */
public record SlowCall(String name, long nanos, long end) {

    /** Calls take some microseconds; with a host's scheduler in between, some milliseconds. */
    private static final long SLOW_NANOS = 200_000_000;

    private static final int MOST = 100;

    /** The latest ones; locked by itself. */
    private static final Deque<SlowCall> LATEST = new ArrayDeque<>();

    /** The longest call that returned after a moment of {@link System#nanoTime()}. */
    public static Optional<SlowCall> longestSince(long begin) {
        synchronized (LATEST) {
            return LATEST.stream()
                    .filter(call -> call.end() - begin > 0)
                    .max(Comparator.comparingLong(SlowCall::nanos));
        }
    }

    /** A call has returned that began at {@code begin}. */
    static void returned(String name, long begin) {
        long end = System.nanoTime();
        if (end - begin < SLOW_NANOS) {
            return;
        }
        synchronized (LATEST) {
            LATEST.add(new SlowCall(name, end - begin, end));
            if (LATEST.size() > MOST) {
                LATEST.remove();
            }
        }
    }
}
