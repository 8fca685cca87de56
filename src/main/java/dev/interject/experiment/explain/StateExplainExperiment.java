package dev.interject.experiment.explain;

import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;

/** Explains what each gate would do to an interrupt in a state that was written down. It needs no KVM. */
public final class StateExplainExperiment {

    private StateExplainExperiment() {}

    /** Explains the interrupt of a plan. */
    public static ExplainReport explain(StatePlan plan) {
        GuestState state = plan.file().state();
        ResolvedInjection planned = plan.injection();
        ResolvedInjection target = plan.to().isPresent() ? planned : planned.addressedIn(state);
        GateWalk walk = new GateWalk(ExplainedInterrupt.of(plan).on(target.route()), target, plan.to().isPresent());
        return ExplainReport.of(walk.explain(state.seenBy(target.vcpu()), plan.file().warnings()));
    }
}
