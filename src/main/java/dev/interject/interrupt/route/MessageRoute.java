package dev.interject.interrupt.route;

import java.util.List;
import java.util.Optional;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;

/** A message to a LAPIC in the kernel. */
abstract sealed class MessageRoute extends Route permits MsiRoute, RoutedMsiRoute, MsiIrqfdRoute {

    MessageRoute(String label, String description, String request, String withoutIrqchip) {
        super(label, description, request, withoutIrqchip, RouteParameter.VECTOR, RouteParameter.ADDRESS);
    }

    @Override
    public final boolean supports(BuiltinGuest guest) {
        return guest.handles(GuestInput.LAPIC);
    }

    @Override
    final BuiltinGuest usualGuest(Irqchip irqchip) {
        return BuiltinGuest.APIC;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return irqchip.hasLapicInKernel() ? List.of(RouteCase.edge(irqchip, this, BuiltinGuest.APIC)) : List.of();
    }

    @Override
    public final Optional<String> refusalOn(Irqchip irqchip) {
        return refusalWithoutIrqchip(irqchip);
    }

    @Override
    public final boolean passesThroughPic(BuiltinGuest guest) {
        return false;
    }

    @Override
    final GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofMessage(state, this, injection.message());
    }

    /** A LAPIC's status is above 0 also where it merged the message, and 0 where no LAPIC took it. */
    @Override
    public final Acceptance acceptance(int status, Trigger trigger) {
        return status == 0 ? Acceptance.IGNORED : super.acceptance(status, trigger);
    }
}
