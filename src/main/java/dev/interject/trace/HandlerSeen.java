package dev.interject.trace;

/**
 * A handler's first instruction was next on a vCPU, as a witness outside the guest saw.
 *
 * @param vcpu   the vCPU, from 0
 * @param vector 0 to 255
 * @param nanos  when, by {@link System#nanoTime()}
 * @param index  the number of the interrupt, from 0; {@value #OF_NONE} for none of the run
 */
public record HandlerSeen(int vcpu, int vector, long nanos, int index) implements TraceEvent {

    /** In place of an interrupt's number. */
    public static final int OF_NONE = -1;
}
