package dev.interject.guest;

/**
 * An event that a guest caused itself, an exception or a software interrupt, as its handler found it.
 *
 * @param vector       where it arrived
 * @param codeSelector the CS that it left
 * @param errorCode    what the CPU pushed with it; 0 for an event without
 * @param rip          where to return to: the instruction of a fault, or the one behind a trap or an {@code int n}
 * @param cr2          the address of the last page fault so far, which only with a page fault is its own
 */
public record CausedEvent(int vector, int codeSelector, long errorCode, long rip, long cr2) {

    private static final int RING_BITS = 3;

    /** The ring in which it was caused. */
    public int ring() {
        return codeSelector & RING_BITS;
    }
}
