package dev.interject.guest;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

import dev.interject.kvm.GuestMemory;

/**
 * The two pages in which a guest's vCPU reports to the host: counts and events in one, the times of its handlers in the
 * other. {@code guest/include/abi.inc} defines the same offsets.
 */
public final class Mailbox {

    static final long FAULT_ERROR = 0x08;
    static final long FAULT_RIP = 0x10;
    static final long SPURIOUS = 0x18;
    static final long STARTED = 0x1c;
    static final long DEPTH = 0x20;
    static final long DEEPEST = 0x24;
    static final long ARMED = 0x28;
    static final long OPENED = 0x30;
    static final long LOGGED = 0x38;
    static final long TAKEN = 0x400;
    static final long LOG = 0x800;

    /** An offset in the page of time stamps, like {@link #LEFT}. */
    static final long ENTERED = 0;
    static final long LEFT = 0x800;

    static final long LOG_VECTOR = 0x00;
    static final long LOG_CS = 0x04;
    static final long LOG_ERROR = 0x08;
    static final long LOG_RIP = 0x10;
    static final long LOG_CR2 = 0x18;
    static final long LOG_BYTES = 0x20;

    /** The number of vectors. */
    public static final int VECTORS = 256;

    private static final int FIRST_FREE_VECTOR = 32;
    private static final int NMI = 2;
    private static final long END = 0x1000;
    private static final long LOG_ENTRIES = (END - LOG) / LOG_BYTES;

    private final GuestMemory memory;
    private final long start;
    private final long stamps;

    /**
     * Accesses the pages of one vCPU.
     *
     * @param vcpu the vCPU's number, from 0
     */
    public Mailbox(GuestMemory memory, int vcpu) {
        this.memory = memory;
        this.start = vcpu * MemoryMap.VCPU_BLOCK + MemoryMap.MAILBOX;
        this.stamps = vcpu * MemoryMap.VCPU_BLOCK + MemoryMap.STAMPS;
    }

    /**
     * The number of times that the handler of a vector ran, as counted by the guest. From any thread.
     *
     * @param vector 0–255
     */
    public long taken(int vector) {
        long offset = TAKEN + (long) Objects.checkIndex(vector, VECTORS) * Integer.BYTES;
        return Integer.toUnsignedLong(memory.readCounter(start + offset));
    }

    /** The counts of all handlers that ran, by vector. From any thread. */
    public SortedMap<Integer, Long> takenByVector() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int vector = 0; vector < VECTORS; vector++) {
            long taken = taken(vector);
            if (taken != 0) {
                counts.put(vector, taken);
            }
        }
        return counts;
    }

    /** The events that the guest caused itself, in the order in which they happened; most guests cause none. */
    public List<CausedEvent> causedEvents() {
        long logged = Integer.toUnsignedLong(memory.readCounter(start + LOGGED));
        // the guest may claim any number
        return LongStream.range(0, Math.min(logged, LOG_ENTRIES))
                .map(index -> start + LOG + index * LOG_BYTES)
                .mapToObj(this::causedEventAt)
                .toList();
    }

    private CausedEvent causedEventAt(long entry) {
        return new CausedEvent(memory.readInt(entry + LOG_VECTOR), memory.readInt(entry + LOG_CS),
                memory.readLong(entry + LOG_ERROR), memory.readLong(entry + LOG_RIP),
                memory.readLong(entry + LOG_CR2));
    }

    /** The number of spurious interrupts that the guest counted. */
    public long spurious() {
        return Integer.toUnsignedLong(memory.readCounter(start + SPURIOUS));
    }

    /** The RIP at the exception that stopped the guest. */
    public long faultRip() {
        return memory.readLong(start + FAULT_RIP);
    }

    /** The error code of the exception that stopped the guest; 0 for one without. */
    public long faultErrorCode() {
        return memory.readLong(start + FAULT_ERROR);
    }

    /** The deepest nesting of handlers; 0 if the guest does not count it. */
    public long deepestNesting() {
        return Integer.toUnsignedLong(memory.readCounter(start + DEEPEST));
    }

    /** The guest's time-stamp counter when it armed its timer; 0 if it did not. */
    public long armedAt() {
        return memory.readLong(start + ARMED);
    }

    /**
     * The guest's time-stamp counter when the handler of a vector was last entered, read after the first few
     * instructions; 0 if it never was. From any thread.
     *
     * @param vector 0–255
     */
    public long enteredAt(int vector) {
        return stamp(ENTERED, vector);
    }

    /**
     * The guest's time-stamp counter when the handler of a vector last returned, read a few instructions before its
     * IRET; below {@link #enteredAt} while it runs. A real-mode guest writes the low half first: between its two stores
     * the value may be one high half too low, and never too high. From any thread.
     *
     * @param vector 0–255
     */
    public long leftAt(int vector) {
        return stamp(LEFT, vector);
    }

    private long stamp(long offset, int vector) {
        return memory.readLongCounter(stamps + offset + (long) Objects.checkIndex(vector, VECTORS) * Long.BYTES);
    }

    /**
     * The guest's time-stamp counter when a {@link BenchGuest} that never sleeps last set IF, read just before STI. It
     * changes as long as the guest runs. From any thread.
     */
    public long openedAt() {
        return memory.readLongCounter(start + OPENED);
    }

    /** The number of interrupts taken at vectors above 31, plus spurious ones. */
    public long takenInterrupts() {
        long sum = spurious();
        for (long count : takenByVector().tailMap(FIRST_FREE_VECTOR).values()) {
            sum += count;
        }
        return sum;
    }
}
