package dev.interject.experiment.timeline;

import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.trace.HandlerSeen;

/**
 * One run of a guest's handler, from its entry to its exit: the guest's own time stamps, converted to the host's clock,
 * or when a witness outside the guest saw its entry.
 *
 * @param vcpu           the vCPU that ran it, from 0
 * @param vector         0 to 255
 * @param begin          when it was entered, in nanoseconds
 * @param end            when it was left, in nanoseconds; empty if it was not left or that was not recorded
 * @param acknowledgedAt when its acknowledgement reached the host; empty if there was none
 * @param index          the interrupt that it handled, from 0; empty if that is unknown
 */
public record HandlerRun(int vcpu, int vector, long begin, OptionalLong end, OptionalLong acknowledgedAt,
        OptionalInt index) {

    /** Of a handler whose entry alone was seen. */
    static HandlerRun of(HandlerSeen seen) {
        return new HandlerRun(seen.vcpu(), seen.vector(), seen.nanos(), OptionalLong.empty(), OptionalLong.empty(),
                seen.index() == HandlerSeen.OF_NONE ? OptionalInt.empty() : OptionalInt.of(seen.index()));
    }
}
