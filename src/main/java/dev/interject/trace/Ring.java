package dev.interject.trace;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for a number of events, made beforehand. Any thread writes; one reads when all are done. What comes when it is
 * full is counted, and dropped: the events that are there are the first, with none missing among them.
 */
final class Ring {

    // an event is six words: when it began and ended, what it is and of which vCPU, whose thread, and two numbers
    private static final int BEGIN = 0;
    private static final int END = 1;
    private static final int WHAT = 2;
    private static final int THREAD = 3;
    private static final int FIRST = 4;
    private static final int SECOND = 5;
    private static final int WORDS = 6;

    private static final int VCPU_SHIFT = 32;

    private final int capacity;
    private final long[] words;
    private final AtomicLong claimed = new AtomicLong();

    Ring(int capacity) {
        this.capacity = capacity;
        this.words = new long[Math.multiplyExact(capacity, WORDS)];
    }

    void write(EventKind kind, int vcpu, long begin, long end, long first, long second) {
        long place = claimed.getAndIncrement();
        if (place >= capacity) {
            return;
        }
        int at = (int) place * WORDS;
        words[at + BEGIN] = begin;
        words[at + END] = end;
        words[at + WHAT] = (long) vcpu << VCPU_SHIFT | kind.ordinal();
        words[at + THREAD] = Thread.currentThread().threadId();
        words[at + FIRST] = first;
        words[at + SECOND] = second;
    }

    int size() {
        return (int) Math.min(claimed.get(), capacity);
    }

    long dropped() {
        return Math.max(0, claimed.get() - capacity);
    }

    int kind(int index) {
        return (int) words[index * WORDS + WHAT];
    }

    int vcpu(int index) {
        return (int) (words[index * WORDS + WHAT] >> VCPU_SHIFT);
    }

    long begin(int index) {
        return words[index * WORDS + BEGIN];
    }

    long end(int index) {
        return words[index * WORDS + END];
    }

    long thread(int index) {
        return words[index * WORDS + THREAD];
    }

    long first(int index) {
        return words[index * WORDS + FIRST];
    }

    long second(int index) {
        return words[index * WORDS + SECOND];
    }
}
