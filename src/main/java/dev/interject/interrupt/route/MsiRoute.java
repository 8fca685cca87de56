package dev.interject.interrupt.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;

/** A message that is sent by an ioctl. */
final class MsiRoute extends MessageRoute {

    MsiRoute() {
        super("msi", "KVM_SIGNAL_MSI", "EINVAL", Set.of("KVM_SIGNAL_MSI"));
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        List<RouteCase> cases = new ArrayList<>(super.cases(irqchip));
        cases.add(RouteCase.edge(irqchip, this, BuiltinGuest.X2APIC));
        if (irqchip == Irqchip.KERNEL) {
            cases.add(RouteCase.toSecond(irqchip, this));
        }
        return cases;
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.message(injection.message());
    }
}
