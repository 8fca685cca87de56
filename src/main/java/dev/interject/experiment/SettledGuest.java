package dev.interject.experiment;

import java.time.Duration;

import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;

/** A guest whose vCPUs that matter for an injection have come to rest. */
public final class SettledGuest {

    /** The vCPU that raises an interrupt which the guest raises itself. */
    public static final int SENDER = 0;

    private SettledGuest() {}

    /**
     * Inspects an injection's vCPU, within some time for each vCPU: after the report that it is ready, a guest is still
     * on its way to HLT.
     */
    public static GuestState inspect(Machine machine, ResolvedInjection injection, Duration time) {
        if (injection.route().isRaisedByGuest() && injection.vcpu() != SENDER) {
            machine.vcpu(SENDER).inspectWhenSettled(time);
        }
        return machine.vcpu(injection.vcpu()).inspectWhenSettled(time);
    }
}
