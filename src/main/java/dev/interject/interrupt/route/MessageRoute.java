package dev.interject.interrupt.route;

import java.util.List;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.state.GuestState;

/** A message to a LAPIC in the kernel. */
abstract sealed class MessageRoute extends Route permits MsiRoute, RoutedMsiRoute, MsiIrqfdRoute {

    MessageRoute(String label, String request, String withoutIrqchip, Set<String> optionalCalls) {
        super(label, request, withoutIrqchip, optionalCalls, BuiltinGuest.APIC, Set.of(GuestInput.LAPIC),
                Set.of(RouteParameter.VECTOR, RouteParameter.ADDRESS, RouteParameter.DATA));
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return List.of(RouteCase.edge(irqchip, this, BuiltinGuest.APIC));
    }

    @Override
    final GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofMessage(state, injection, injection.message());
    }

    /** The status is above 0 if a LAPIC accepted the message, even if it coalesced, and 0 if no LAPIC accepted it. */
    @Override
    public final Acceptance acceptance(int status, Trigger trigger) {
        return status == 0 ? Acceptance.IGNORED : super.acceptance(status, trigger);
    }
}
