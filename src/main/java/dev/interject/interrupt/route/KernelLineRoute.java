package dev.interject.interrupt.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;

/** A line of the controllers in the kernel, or of the IOAPIC in user space with a split irqchip. */
abstract sealed class KernelLineRoute extends Route permits LineRoute, IrqfdRoute {

    KernelLineRoute(String label, String request, String withoutIrqchip, Set<String> optionalCalls) {
        super(label, request, withoutIrqchip, optionalCalls, BuiltinGuest.PIC,
                Set.of(GuestInput.PIC, GuestInput.IOAPIC), Set.of(RouteParameter.LINE, RouteParameter.LEVEL));
    }

    @Override
    final BuiltinGuest usualGuest(Irqchip irqchip) {
        return irqchip == Irqchip.SPLIT ? BuiltinGuest.APIC : super.usualGuest(irqchip);
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        List<RouteCase> cases = new ArrayList<>();
        if (irqchip == Irqchip.KERNEL) {
            cases.add(RouteCase.edge(irqchip, this, BuiltinGuest.PIC));
            cases.add(RouteCase.level(irqchip, this, BuiltinGuest.PIC));
        }
        cases.add(RouteCase.edge(irqchip, this, BuiltinGuest.APIC));
        if (refusalOf(Trigger.LEVEL, irqchip).isEmpty()) {
            cases.add(RouteCase.level(irqchip, this, BuiltinGuest.APIC));
        }
        return cases;
    }

    @Override
    public final boolean passesThroughPic(BuiltinGuest guest) {
        return !guest.usesIoapic();
    }

    @Override
    final boolean pullsLine(ResolvedInjection injection) {
        return true;
    }

    @Override
    final GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofKernelLine(state, this, injection.line(), injection.trigger());
    }

    /** With a split irqchip the kernel has no 8259. */
    static boolean passesThroughIoapic(ResolvedInjection injection, GuestState state) {
        return injection.irqchip() == Irqchip.SPLIT || state.controllers().goesThroughIoapic(injection.line());
    }

    @Override
    final int waiting(ResolvedInjection injection, Pending pending, int vector) {
        return pending.isLatched(injection.line(), vector) || pending.isRequested(vector) ? 1 : 0;
    }

    @Override
    final boolean isLatched(ResolvedInjection injection, GuestState state) {
        int line = injection.line();
        return passesThroughIoapic(injection, state)
                ? state.controllers().ioapic().map(ioapic -> (ioapic.irr() & 1 << line) != 0).orElse(false)
                : IsaLine.exists(line) && state.controllers().isPending(line);
    }

    @Override
    final boolean isInService(ResolvedInjection injection, GuestState state, int vector) {
        return super.isInService(injection, state, vector) || !passesThroughIoapic(injection, state)
                && IsaLine.exists(injection.line()) && state.controllers().isInService(injection.line());
    }
}
