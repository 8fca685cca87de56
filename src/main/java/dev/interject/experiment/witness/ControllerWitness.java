package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.OptionalLong;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/**
 * The controllers in this process: they have queued the vector for the vCPU, which they do only in its injection
 * window, and it waits there no more.
 */
final class ControllerWitness implements TakenWitness {

    private final VcpuHandle vcpu;

    /** @param vcpu the target */
    ControllerWitness(VcpuHandle vcpu) {
        this.vcpu = vcpu;
    }

    @Override
    public Witness who() {
        return Witness.CONTROLLERS;
    }

    @Override
    public void expect(int vector) {
        // an attempt knows how often its vector was queued before
    }

    @Override
    public Sighting inject(InjectionAttempt attempt, Duration time) {
        vcpu.runFor(attempt::in, time);
        return attempt.expected().map(this::judge).orElseGet(Sighting.Nothing::new);
    }

    @Override
    public Sighting look(AwaitedInterrupt awaited, Duration time) {
        vcpu.runFor(_ -> {}, time);
        return judge(awaited);
    }

    private Sighting judge(AwaitedInterrupt awaited) {
        GuestState state = vcpu.inspect();
        if (!awaited.isExpected() || awaited.isAboutToBeDelivered(state)) {
            return new Sighting.Nothing();
        }
        return awaited.timesQueued() > 0 ? Sighting.Taken.untimed(Witness.CONTROLLERS) : new Sighting.Nothing();
    }

    @Override
    public OptionalLong others() {
        return OptionalLong.empty();
    }
}
