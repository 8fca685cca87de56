package dev.interject.interrupt.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Input;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;

/** A line that is raised and lowered by an ioctl, or by a method call if the IOAPIC is in user space. */
final class LineRoute extends KernelLineRoute {

    LineRoute() {
        super("line", "KVM_IRQ_LINE_STATUS", "ENXIO", Set.of());
    }

    /** An IOAPIC in user space sends a message. */
    @Override
    public String request(Irqchip irqchip) {
        return irqchip == Irqchip.SPLIT ? Route.MSI.request(irqchip) : super.request(irqchip);
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        List<RouteCase> cases = new ArrayList<>(super.cases(irqchip));
        cases.add(RouteCase.toSecond(irqchip, this));
        return cases;
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injection.irqchip() == Irqchip.SPLIT
                ? injectors.ioapicPin(injection.line(), injection.trigger())
                : injectors.kernelLine(injection.line(), injection.trigger());
    }

    /** The 8259s report it; an IOAPIC does not, since the LAPIC coalesces. */
    @Override
    boolean reportsCoalescing(ResolvedInjection injection, GuestState state) {
        GatePath path = gatePath(injection, state);
        return path.isDecidedByOne()
                && path.main().filter(branch -> branch.input().chip() == Input.Chip.PIC).isPresent();
    }
}
