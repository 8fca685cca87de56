package dev.interject.experiment.image;

import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;

/** The interrupt of an image in a state of its guest: whom it is for, and which gates it meets. */
public record ImageInterrupt(ImagePlan plan) {

    /** Whether the plan names the target vCPU. */
    public boolean isTargeted() {
        return plan.machine().to().isPresent();
    }

    /** What would be injected, for the planned target or the vCPU that it is addressed to. */
    public ResolvedInjection in(GuestState state) {
        ResolvedInjection planned = plan.injection(state);
        return isTargeted() ? planned : planned.addressedIn(state);
    }

    /** The same for the vCPU at which it arrives by its gates: an 8259's line leads to vCPU 0, whatever the target. */
    public ResolvedInjection in(GuestState state, GatePath gates) {
        ResolvedInjection planned = in(state);
        return planned.to(gates.main().map(branch -> branch.to().vcpu()).orElse(planned.vcpu()));
    }

    /** The gates on this host, as the target sees them. */
    public GatePath gates(GuestState state) {
        return onThisHost(state).gates();
    }

    /** The gates as the target sees them, with the rules of this host. */
    public HostDepartures onThisHost(GuestState state) {
        ResolvedInjection target = in(state);
        return HostDepartures.decisive(state.seenBy(target.vcpu()), seen -> gates(target, seen));
    }

    private GatePath gates(ResolvedInjection target, GuestState state) {
        ResolvedInjection addressed = isTargeted() ? target : target.addressedIn(state);
        return addressed.gatePath(state.seenBy(addressed.vcpu()));
    }

    /**
     * Whether every gate is open. What keeps it from the CPU by the manuals is looked at first: probes take some time,
     * while which the guest is held.
     */
    public boolean isOpen(GuestState state) {
        ResolvedInjection target = in(state);
        Prediction byTheManuals = target.gatePath(state.seenBy(target.vcpu())).prediction();
        boolean maybeOpen = byTheManuals.because()
                .map(gate -> HostDepartures.probeOf(gate.kind()).isPresent())
                .orElse(true);
        return maybeOpen && gates(state).prediction().fate() == Prediction.Fate.TAKEN;
    }
}
