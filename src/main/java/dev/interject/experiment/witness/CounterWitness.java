package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.OptionalLong;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/**
 * The controllers' registers and KVM's counters ({@code KVM_GET_STATS_FD}). A request that waits no more was taken if
 * the ISR has it, or if nothing held it when it was injected and KVM has counted an injection since. It may also have
 * been cleared with its controller, so that of a request that had to wait the counter says nothing.
 */
final class CounterWitness implements TakenWitness {

    private static final String CLEARED =
            "its request waits no more, and is not in service: it was taken, or cleared together with its controller";

    private final VcpuHandle vcpu;
    private final String counter;
    private long countedBefore;
    private boolean isGone;

    /**
     * @param vcpu    the target
     * @param counter of KVM, for the interrupts of the path
     */
    CounterWitness(VcpuHandle vcpu, String counter) {
        this.vcpu = vcpu;
        this.counter = counter;
    }

    @Override
    public Witness who() {
        return Witness.COUNTERS;
    }

    @Override
    public void expect(int vector) {
        isGone = false;
        countedBefore = counted();
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

    private long counted() {
        return vcpu.statistics().getOrDefault(counter, 0L);
    }

    private Sighting judge(AwaitedInterrupt awaited) {
        GuestState state = vcpu.inspect();
        if (!awaited.isExpected() || awaited.isAboutToBeDelivered(state)) {
            return new Sighting.Nothing();
        }
        if (awaited.isNewlyInService(state)) {
            return Sighting.Taken.untimed(Witness.COUNTERS);
        }
        if (awaited.isPending(state)) {
            isGone = false;
            return new Sighting.Nothing();
        }
        if (awaited.wasOpen() && counted() > countedBefore) {
            return Sighting.Taken.untimed(Witness.COUNTERS);
        }
        if (!isGone) { // an eventfd's interrupt may not have arrived yet
            isGone = true;
            return new Sighting.Nothing();
        }
        return new Sighting.Unknown(CLEARED);
    }

    @Override
    public OptionalLong others() {
        return OptionalLong.empty();
    }
}
