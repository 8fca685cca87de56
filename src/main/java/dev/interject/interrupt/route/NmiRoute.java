package dev.interject.interrupt.route;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;

/** A non-maskable interrupt. KVM keeps at most two of them. */
final class NmiRoute extends Route {

    NmiRoute() {
        super("nmi", "KVM_NMI", "", Set.of("KVM_NMI"), BuiltinGuest.NMI, Set.of(GuestInput.NMI), Set.of());
    }

    @Override
    public boolean isMaskable() {
        return false;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        Stream<RouteCase> second = irqchip == Irqchip.KERNEL ? Stream.of(RouteCase.toSecond(irqchip, this))
                : Stream.empty();
        return Stream.concat(Stream.of(RouteCase.edge(irqchip, this, BuiltinGuest.NMI)), second).toList();
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return Optional.empty();
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofNmi(state, injection.takesNmis());
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.nmi(injection.vcpu());
    }
}
