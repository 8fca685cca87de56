package dev.interject.trace;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A preallocated array of encoded events. Any thread may write; reading is valid once no thread writes any more. When
 * it is full, further events are counted and dropped, so what it holds is the beginning of the run without a gap.
 *
 * <p>An event takes six {@code long}s, each with one meaning: begin, end, head (kind, vCPU and a 32-bit operand),
 * thread, and two 64-bit operands. {@link EventKind} names what the operands of a kind are.
 */
final class Ring {

    private static final int BEGIN = 0;
    private static final int END = 1;
    private static final int HEAD = 2;
    private static final int THREAD = 3;
    private static final int FIRST = 4;
    private static final int SECOND = 5;
    private static final int LONGS_PER_EVENT = 6;

    // the head: bits 0-7 kind, 8-31 vCPU, 32-63 the small operand
    private static final int KIND_MASK = 0xff;
    private static final int VCPU_SHIFT = 8;
    private static final int VCPU_MASK = 0xff_ffff;
    private static final int SMALL_SHIFT = 32;

    private static final EventKind[] KINDS = EventKind.values();

    private final int capacity;
    private final long[] longs;
    private final AtomicLong claimed = new AtomicLong();

    Ring(int capacity) {
        this.capacity = capacity;
        this.longs = new long[Math.multiplyExact(capacity, LONGS_PER_EVENT)];
    }

    void write(EventKind kind, int vcpu, long begin, long end, int small, long first, long second) {
        long slot = claimed.getAndIncrement();
        if (slot >= capacity) {
            return;
        }
        int at = (int) slot * LONGS_PER_EVENT;
        longs[at + BEGIN] = begin;
        longs[at + END] = end;
        longs[at + HEAD] = (long) small << SMALL_SHIFT | (long) vcpu << VCPU_SHIFT | kind.ordinal();
        longs[at + THREAD] = Thread.currentThread().threadId();
        longs[at + FIRST] = first;
        longs[at + SECOND] = second;
    }

    int size() {
        return (int) Math.min(claimed.get(), capacity);
    }

    long dropped() {
        return Math.max(0, claimed.get() - capacity);
    }

    TraceEvent event(int index) {
        int at = index * LONGS_PER_EVENT;
        int head = (int) longs[at + HEAD];
        return KINDS[head & KIND_MASK].decode(new Entry(longs[at + BEGIN], longs[at + END],
                head >> VCPU_SHIFT & VCPU_MASK, longs[at + THREAD], (int) (longs[at + HEAD] >> SMALL_SHIFT),
                longs[at + FIRST], longs[at + SECOND]));
    }

    /** An encoded event's fields. */
    record Entry(long begin, long end, int vcpu, long thread, int small, long first, long second) {

        boolean flag() {
            return small != 0;
        }

        int firstAsInt() {
            return (int) first;
        }
    }
}
