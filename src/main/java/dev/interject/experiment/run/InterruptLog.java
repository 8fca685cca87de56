package dev.interject.experiment.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.Latency;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.inject.Injector;

/**
 * What happened to each interrupt of a run, by order of injection. Read when the run is over; during the run, each
 * entry belongs to the one thread that injects it.
 */
public final class InterruptLog {

    private static final long NOT_TAKEN = Long.MIN_VALUE;
    /** Taken; it is unknown when it was due. */
    private static final long UNTIMED = Long.MIN_VALUE + 1;
    private static final long REFUSED = Long.MAX_VALUE;
    private static final int PER_CENT = 100;

    private final int[] statuses;
    private final long[] injectedAt;
    private final long[] latencies;
    /** Of those whose witness is not that of the run. */
    private final Map<Integer, Witness> witnesses = new HashMap<>();
    private int size;

    /** An empty log with room for {@code capacity} interrupts, 0 or more. */
    public InterruptLog(int capacity) {
        statuses = new int[capacity];
        injectedAt = new long[capacity];
        latencies = new long[capacity];
        Arrays.fill(latencies, NOT_TAKEN);
    }

    int capacity() {
        return statuses.length;
    }

    /** Begins the next interrupts and returns the index of the first. */
    public int add(int count) {
        int first = size;
        size += count;
        return first;
    }

    /**
     * What the controllers answered.
     *
     * @param value a status, or {@link Injector#NO_STATUS}
     */
    public void status(int index, int value) {
        statuses[index] = value;
    }

    /** The kernel refused it with an error. */
    public void refused(int index, int negativeErrno) {
        statuses[index] = negativeErrno;
        injectedAt[index] = REFUSED;
    }

    /** Whether the kernel refused it with an error. */
    boolean isRefused(int index) {
        return injectedAt[index] == REFUSED;
    }

    int rawStatus(int index) {
        return statuses[index];
    }

    /** When it was injected, by {@link System#nanoTime()}. */
    public void injectedAt(int index, long nanos) {
        injectedAt[index] = nanos;
    }

    /** It was taken; how long it took, in nanoseconds. */
    public void latency(int index, long nanos) {
        latencies[index] = nanos;
    }

    /** Another witness than that of the run has seen that it was taken. */
    public void witness(int index, Witness other) {
        witnesses.put(index, other);
    }

    /** Who saw that it was taken, if that is not the witness of the run. */
    public Optional<Witness> witness(int index) {
        return Optional.ofNullable(witnesses.get(index));
    }

    /** It was taken; it is unknown when it was due. */
    public void takenAtAnyTime(int index) {
        latencies[index] = UNTIMED;
    }

    /** When it was injected, by {@link System#nanoTime()}. */
    public long injectedAt(int index) {
        return injectedAt[index];
    }

    /** How many interrupts were injected. */
    public int size() {
        return size;
    }

    /**
     * The controllers' status of interrupt {@code index}: below 0 ignored or an errno, 0 coalesced, above 0 accepted;
     * empty if the path has none, such as an eventfd.
     */
    public OptionalInt status(int index) {
        return statuses[index] == Injector.NO_STATUS ? OptionalInt.empty() : OptionalInt.of(statuses[index]);
    }

    /** Whether its handler acknowledged it. */
    public boolean isTaken(int index) {
        return latencies[index] != NOT_TAKEN;
    }

    /** Whether it is known how long it took: it was taken, and it is known when it was injected, or due. */
    public boolean isTimed(int index) {
        return latencies[index] > UNTIMED;
    }

    /** From injection to acknowledgement, or from when a timer's tick was due, in nanoseconds; only if it is timed. */
    public long latency(int index) {
        return latencies[index];
    }

    /** The sum of the latencies of those that were taken, in nanoseconds. */
    public long totalLatency() {
        return Arrays.stream(latencies, 0, size).filter(nanos -> nanos > UNTIMED).sum();
    }

    /** Median, 99th percentile and maximum of the latencies; empty if none was taken. */
    public Optional<Latency> summary() {
        long[] sorted = Arrays.stream(latencies, 0, size).filter(nanos -> nanos > UNTIMED).sorted().toArray();
        return sorted.length == 0
                ? Optional.empty()
                : Optional.of(
                        new Latency(percentile(sorted, 50), percentile(sorted, 99), sorted[sorted.length - 1]));
    }

    /** Nearest rank: the smallest value that is not below the given percentage of all. */
    private static long percentile(long[] sorted, int percent) {
        return sorted[(int) Math.ceilDiv((long) sorted.length * percent, PER_CENT) - 1];
    }
}
