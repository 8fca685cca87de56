package dev.interject.experiment.timeline;

import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.machine.GuestClock;

/** A handler as it is put together from its stamps, by the guest's clock. */
final class HandlerInterval {

    private final int vcpu;
    private final int vector;
    private final long entered;
    private OptionalLong left = OptionalLong.empty();
    private OptionalLong heardAt = OptionalLong.empty();
    private OptionalInt index = OptionalInt.empty();

    HandlerInterval(int vcpu, int vector, long entered) {
        this.vcpu = vcpu;
        this.vector = vector;
        this.entered = entered;
    }

    int vcpu() {
        return vcpu;
    }

    long entered() {
        return entered;
    }

    /** Takes the stamp, unless it is another's: one that runs has that of the one before. */
    void leave(long counter) {
        if (left.isEmpty() && counter - entered >= 0) {
            left = OptionalLong.of(counter);
        }
    }

    void hear(long nanos, OptionalInt interrupt) {
        heardAt = OptionalLong.of(nanos);
        index = interrupt;
    }

    HandlerRun on(GuestClock clock) {
        OptionalLong end = left.isPresent() ? OptionalLong.of(clock.nanos(left.getAsLong())) : OptionalLong.empty();
        return new HandlerRun(vcpu, vector, clock.nanos(entered), end, heardAt, index);
    }
}
