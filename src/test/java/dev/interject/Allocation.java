package dev.interject;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/** What calls on the calling thread allocate once the optimizing compiler has compiled them. */
public final class Allocation {

    /** How many calls a round has. */
    public static final int CALLS = 10_000;

    /**
     * Far more than the JVM needs. Until the optimizing compiler has compiled a native call that captures errno, the
     * JDK creates a segment of 40 bytes for each. The compiler has a thread of its own, which may get little time on a
     * busy CPU, so that many rounds of a quick call can end before its code is ready.
     */
    private static final int ROUNDS = 200;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * The bytes that a round of calls allocates, in the best of many rounds: a call that allocates does so in every
     * round.
     */
    public static long inTheBestRoundOf(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            least = Math.min(least, inARoundOf(call));
        }
        return least;
    }

    private static long inARoundOf(Runnable call) {
        long thread = Thread.currentThread().threadId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
