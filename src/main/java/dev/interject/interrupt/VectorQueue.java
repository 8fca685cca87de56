package dev.interject.interrupt;

/**
 * Vectors that wait for {@code KVM_INTERRUPT}, first in, first out; none overwrites another. Thread-safe, and allocates
 * nothing once made.
 */
public final class VectorQueue implements ExternalInterrupts {

    private final int[] ring;
    private int first;
    private int size;

    /** @param capacity how many may wait at once */
    public VectorQueue(int capacity) {
        this.ring = new int[capacity];
    }

    /**
     * Adds a vector at the end.
     *
     * @param vector 0–255
     * @return whether there was room
     */
    public synchronized boolean offer(int vector) {
        if (size == ring.length) {
            return false;
        }
        ring[(first + size) % ring.length] = vector;
        size++;
        return true;
    }

    public synchronized int size() {
        return size;
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
