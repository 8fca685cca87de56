package dev.interject.interrupt.inject;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Vectors that wait for {@code KVM_INTERRUPT}, first in, first out; none overwrites another. Thread-safe; allocates
 * only where more wait than ever before.
 */
public final class VectorQueue implements ExternalInterrupts {

    private int[] ring;
    private int first;
    private int size;

    /** @param capacity how many may wait before it grows, above 0 */
    public VectorQueue(int capacity) {
        this.ring = new int[capacity];
    }

    /**
     * Adds a vector at the end.
     *
     * @param vector 0–255
     */
    public synchronized void add(int vector) {
        if (size == ring.length) {
            grow();
        }
        ring[(first + size) % ring.length] = vector;
        size++;
    }

    private void grow() {
        int[] larger = new int[2 * ring.length];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(first + i) % ring.length];
        }
        ring = larger;
        first = 0;
    }

    /** The queued vectors, in their order. */
    public synchronized List<Integer> waiting() {
        return IntStream.range(0, size).mapToObj(i -> ring[(first + i) % ring.length]).toList();
    }

    /** The number of queued vectors. */
    public synchronized int size() {
        return size;
    }

    /** Takes out all of one vector, and says how many there were; the others keep their order. */
    public synchronized int withdraw(int vector) {
        int kept = 0;
        int before = size;
        for (int i = 0; i < before; i++) {
            int waiting = ring[(first + i) % ring.length];
            if (waiting != vector) {
                ring[(first + kept++) % ring.length] = waiting;
            }
        }
        size = kept;
        return before - kept;
    }

    @Override
    public synchronized boolean isPending() {
        return size > 0;
    }

    @Override
    public synchronized int acknowledge() {
        if (size == 0) {
            throw new IllegalStateException("no vector waits");
        }
        int vector = ring[first];
        first = (first + 1) % ring.length;
        size--;
        return vector;
    }
}
