package dev.interject.experiment.witness;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/**
 * The controllers' registers and KVM's counters ({@code KVM_GET_STATS_FD}). A request that waits no more was taken if
 * the ISR has it, or if nothing held it when it was injected and KVM has counted an injection since. It may also have
 * been cleared with its controller, so that of a request that had to wait the counter says nothing.
 */
final class CounterWitness extends PolledWitness {

    private static final String CLEARED =
            "its request waits no more, and is not in service: it was taken, or cleared together with its controller";

    private final VcpuHandle vcpu;
    private final String counter;
    private long countedBefore;

    /**
     * @param vcpu    the target
     * @param counter of KVM, for the interrupts of the path
     */
    CounterWitness(VcpuHandle vcpu, String counter) {
        super(vcpu);
        this.vcpu = vcpu;
        this.counter = counter;
    }

    @Override
    public Witness who() {
        return Witness.COUNTERS;
    }

    @Override
    public void expect(int vector) {
        countedBefore = counted();
    }

    private long counted() {
        return vcpu.statistics().getOrDefault(counter, 0L);
    }

    @Override
    Sighting judge(AwaitedInterrupt awaited, GuestState state) {
        if (awaited.isNewlyInService(state)) {
            return awaited.hasHandler(state) ? Sighting.Taken.untimed(Witness.COUNTERS) : new Sighting.Nothing();
        }
        boolean isGone = awaited.isGone(state);
        if (!awaited.isPending(state) && awaited.wasOpen() && awaited.hasHandler(state)
                && counted() > countedBefore) {
            return Sighting.Taken.untimed(Witness.COUNTERS);
        }
        return isGone && !awaited.mayCrash(state) ? new Sighting.Unknown(CLEARED) : new Sighting.Nothing();
    }
}
