package dev.interject.experiment.run;

import java.util.Arrays;

/**
 * What became of each interrupt of a run, in the order of injection. Read when the run is over; while it goes on, each
 * entry belongs to the one thread that injects it.
 */
public final class InterruptLog {

    private static final long NOT_TAKEN = Long.MIN_VALUE;
    private static final long REFUSED = Long.MAX_VALUE;

    private final int[] statuses;
    private final long[] injectedAt;
    private final long[] latencies;
    private int size;

    /** @param capacity how many interrupts there can be */
    public InterruptLog(int capacity) {
        statuses = new int[capacity];
        injectedAt = new long[capacity];
        latencies = new long[capacity];
        Arrays.fill(latencies, NOT_TAKEN);
    }

    /** Begins the next interrupts and returns the index of the first. */
    int add(int count) {
        int first = size;
        size += count;
        return first;
    }

    void status(int index, int value) {
        statuses[index] = value;
    }

    /** The kernel turned it down. */
    void refused(int index, int negativeErrno) {
        statuses[index] = negativeErrno;
        injectedAt[index] = REFUSED;
    }

    boolean isRefused(int index) {
        return injectedAt[index] == REFUSED;
    }

    /** By {@link System#nanoTime()}. */
    public void injectedAt(int index, long nanos) {
        injectedAt[index] = nanos;
    }

    public long injectedAt(int index) {
        return injectedAt[index];
    }

    /** Notes when the handler spoke, by the same clock. */
    void takenAt(int index, long nanos) {
        latencies[index] = nanos - injectedAt[index];
    }

    /** How many interrupts were handed over. */
    public int size() {
        return size;
    }

    /**
     * What the controllers said of interrupt {@code index}: below 0 ignored or an errno, 0 coalesced, above 0 accepted.
     */
    public int status(int index) {
        return statuses[index];
    }

    public boolean isTaken(int index) {
        return latencies[index] != NOT_TAKEN;
    }

    /** From the injection to the handler's word, in nanoseconds. Only of one that was taken. */
    public long latency(int index) {
        return latencies[index];
    }

    /** The sum of those taken, in nanoseconds. */
    public long totalLatency() {
        return Arrays.stream(latencies, 0, size).filter(nanos -> nanos != NOT_TAKEN).sum();
    }

    /** Median, 99th percentile and maximum of those taken, in nanoseconds; zeros where none was. */
    public Latency summary() {
        long[] sorted = Arrays.stream(latencies, 0, size).filter(nanos -> nanos != NOT_TAKEN).sorted().toArray();
        return sorted.length == 0
                ? new Latency(0, 0, 0)
                : new Latency(percentile(sorted, 50), percentile(sorted, 99), sorted[sorted.length - 1]);
    }

    /** Nearest rank: the smallest value that is not below the given percentage of all. */
    private static long percentile(long[] sorted, int percent) {
        return sorted[(int) Math.ceilDiv((long) sorted.length * percent, 100) - 1];
    }
}
