package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.OptionalLong;

import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/** Looks at the guest's state after it has run for a while: it does not see when, nor what else arrived. */
abstract sealed class PolledWitness implements TakenWitness permits ControllerWitness, CounterWitness {

    private final VcpuHandle vcpu;

    /** @param vcpu the target */
    PolledWitness(VcpuHandle vcpu) {
        this.vcpu = vcpu;
    }

    @Override
    public final Sighting inject(InjectionAttempt attempt, Duration time) {
        vcpu.runFor(attempt::in, time);
        return attempt.expected().map(this::judge).orElseGet(Sighting.Nothing::new);
    }

    @Override
    public final Sighting look(AwaitedInterrupt awaited, Duration time) {
        vcpu.runFor(_ -> {}, time);
        return judge(awaited);
    }

    private Sighting judge(AwaitedInterrupt awaited) {
        GuestState state = vcpu.inspect();
        return !awaited.isExpected() || awaited.isAboutToBeDelivered(state)
                ? new Sighting.Nothing()
                : judge(awaited, state);
    }

    /** What a state shows of an interrupt that the vCPU is not just about to take. */
    abstract Sighting judge(AwaitedInterrupt awaited, GuestState state);

    @Override
    public final OptionalLong others() {
        return OptionalLong.empty();
    }
}
