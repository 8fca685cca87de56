package dev.interject.interrupt.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Input;
import dev.interject.interrupt.state.GuestState;

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
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofKernelLine(state, injection, injection.line(), injection.trigger());
    }

    /** Where the interrupt enters the controllers, on the branch that decides; empty if it enters none. */
    private Optional<Input> input(ResolvedInjection injection, GuestState state) {
        return gatePath(injection, state).main().map(Branch::input);
    }

    @Override
    final int waiting(ResolvedInjection injection, Pending pending, int vector) {
        return pending.isLatched(injection.line(), vector) || pending.isRequested(vector) ? 1 : 0;
    }

    @Override
    final boolean isLatched(ResolvedInjection injection, GuestState state) {
        return input(injection, state).map(input -> switch (input.chip()) {
            case PIC -> state.controllers().isPending(input.pin());
            case IOAPIC -> state.controllers()
                    .ioapic()
                    .map(ioapic -> (ioapic.irr() & 1 << input.pin()) != 0)
                    .orElse(false);
            case LAPIC, CPU -> false;
        }).orElse(false);
    }

    @Override
    final boolean isInService(ResolvedInjection injection, GuestState state, int vector) {
        return super.isInService(injection, state, vector) || input(injection, state)
                .filter(input -> input.chip() == Input.Chip.PIC)
                .map(input -> state.controllers().isInService(input.pin()))
                .orElse(false);
    }
}
