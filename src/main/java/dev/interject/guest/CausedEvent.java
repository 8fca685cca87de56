package dev.interject.guest;

/**
 * An exception or software interrupt that a guest caused itself, as its handler logged it.
 *
 * @param vector       its vector, 0–255
 * @param codeSelector the interrupted CS
 * @param errorCode    the error code that the CPU pushed; 0 for an event without
 * @param rip          the return address: of the faulting instruction, or of the one after a trap or {@code int n}
 * @param cr2          the address of the last page fault so far
 */
public record CausedEvent(int vector, int codeSelector, long errorCode, long rip, long cr2) {

    private static final int RING_BITS = 3;

    /** The privilege level (CPL) of the interrupted code, 0–3. */
    public int ring() {
        return codeSelector & RING_BITS;
    }
}
