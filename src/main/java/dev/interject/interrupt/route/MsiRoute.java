package dev.interject.interrupt.route;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;

/** A message that is sent by an ioctl. */
final class MsiRoute extends MessageRoute {

    MsiRoute() {
        super("msi", "sends a message to a LAPIC in the kernel", "KVM_SIGNAL_MSI", "EINVAL");
    }

    @Override
    public Set<String> optionalCalls() {
        return Set.of("KVM_SIGNAL_MSI");
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        if (!irqchip.hasLapicInKernel()) {
            return List.of();
        }
        Stream<RouteCase> second = irqchip == Irqchip.KERNEL ? Stream.of(RouteCase.toSecond(irqchip, this))
                : Stream.empty();
        return Stream.concat(Stream.of(RouteCase.edge(irqchip, this, BuiltinGuest.APIC),
                RouteCase.edge(irqchip, this, BuiltinGuest.X2APIC)), second).toList();
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.message(injection.message());
    }
}
