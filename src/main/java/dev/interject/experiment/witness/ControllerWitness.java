package dev.interject.experiment.witness;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/**
 * The controllers in this process: they have queued the vector for the vCPU, which they do only in its injection
 * window, and it waits there no more.
 */
final class ControllerWitness extends PolledWitness {

    /** @param vcpu the target */
    ControllerWitness(VcpuHandle vcpu) {
        super(vcpu);
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
    Sighting judge(AwaitedInterrupt awaited, GuestState state) {
        return awaited.timesQueued() > 0 && awaited.hasHandler(state)
                ? Sighting.Taken.untimed(Witness.CONTROLLERS)
                : new Sighting.Nothing();
    }
}
