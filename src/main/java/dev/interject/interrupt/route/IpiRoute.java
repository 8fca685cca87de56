package dev.interject.interrupt.route;

import java.util.List;
import java.util.Set;

import dev.interject.device.CommandPort;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;

/** An interrupt that vCPU 0 sends to another vCPU or to itself, through its LAPIC's ICR. */
final class IpiRoute extends Route {

    private static final int SENDER = 0;

    IpiRoute() {
        super("ipi", "the LAPIC's ICR", "no LAPIC", Set.of(), BuiltinGuest.APIC, Set.of(GuestInput.LAPIC),
                Set.of(RouteParameter.VECTOR, RouteParameter.ICR));
    }

    @Override
    public boolean isRaisedByGuest() {
        return true;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return List.of(RouteCase.edge(irqchip, this, BuiltinGuest.APIC), RouteCase.toSecond(irqchip, this));
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofIpi(state, injection, injection.icr());
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.ipi(injection.icr());
    }

    /** Or the sender has not sent it yet. */
    @Override
    int waiting(ResolvedInjection injection, GuestState state, int vector) {
        boolean isCommanded = state.seenBy(SENDER)
                .controllers()
                .lapic()
                .map(lapic -> lapic.isRequested(CommandPort.VECTOR))
                .orElse(false);
        return super.waiting(injection, state, vector) + (isCommanded ? 1 : 0);
    }

    /** 0 if the LAPIC of the sender did not accept the message with the command. */
    @Override
    public Acceptance acceptance(int status, Trigger trigger) {
        return status == 0 ? Acceptance.IGNORED : super.acceptance(status, trigger);
    }
}
