package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/** Sees from outside what the target vCPU takes. The vCPU is held before and after each call. */
sealed interface TakenWitness permits BreakpointWitness, PolledWitness {

    /**
     * The one that is wanted, or the best that there is.
     *
     * @throws EndedEarlyException if the wanted one does not see this path
     */
    static TakenWitness of(Optional<Witness> wanted, ResolvedInjection target, Machine machine) {
        VcpuHandle vcpu = machine.vcpu(target.vcpu());
        boolean isQueued = target.route().isQueuedInUserSpace();
        Witness best = vcpu.hasBreakpoints() ? Witness.BREAKPOINT : isQueued ? Witness.CONTROLLERS : Witness.COUNTERS;
        Witness who = wanted.orElse(best);
        if (who == Witness.CONTROLLERS && !isQueued) {
            throw new EndedEarlyException(Outcome.REFUSED,
                    "witness controllers does not see path %s, which does not pass through Interject's own 8259s"
                            .formatted(target.route()));
        }
        if (who == Witness.BREAKPOINT && best != Witness.BREAKPOINT) {
            throw new EndedEarlyException(Outcome.REFUSED,
                    "on this host, debug registers do not stop a guest of several vCPUs: take another witness");
        }
        HostDepartures.find(ConformanceProbe.LAPIC_IN_SERVICE); // here, and not while a vCPU waits for it
        return switch (who) {
            case BREAKPOINT -> new BreakpointWitness(vcpu, machine.recorder());
            case CONTROLLERS -> new ControllerWitness(vcpu);
            case COUNTERS -> new CounterWitness(vcpu, target.route().counter());
            case GUEST, NONE -> throw new AssertionError(who);
        };
    }

    /** Who it is. */
    Witness who();

    /**
     * Prepares for an interrupt, before it is injected; the vCPU is held.
     *
     * @param vector at which it is expected to arrive; -1 if it does not
     */
    void expect(int vector);

    /** Injects, if it is to be injected in the state that is met; lets the guest run for a while, and looks. */
    Sighting inject(InjectionAttempt attempt, Duration time);

    /** Lets the guest run on for a while, and looks again. */
    Sighting look(AwaitedInterrupt awaited, Duration time);

    /** How often the handler was reached without an interrupt of the run; empty if that was not seen. */
    OptionalLong others();
}
