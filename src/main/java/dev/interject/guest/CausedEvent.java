package dev.interject.guest;

/**
 * An exception or software interrupt that a guest caused itself, as its handler found it.
 *
 * @param vector       its vector, 0–255
 * @param codeSelector the interrupted CS
 * @param errorCode    what the CPU pushed with it; 0 for an event without
 * @param rip          where to return to: the instruction of a fault, or the one behind a trap or an {@code int n}
 * @param cr2          the address of the last page fault so far; this event's own only if it is a page fault
 */
public record CausedEvent(int vector, int codeSelector, long errorCode, long rip, long cr2) {

    private static final int RING_BITS = 3;

    /** The privilege level at which it was caused, 0–3. */
    public int ring() {
        return codeSelector & RING_BITS;
    }
}
