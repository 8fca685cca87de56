package dev.interject.interrupt.route;

import java.util.Set;

import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;

/** A GSI that is routed to a message and driven as a line. */
final class RoutedMsiRoute extends MessageRoute {

    RoutedMsiRoute() {
        super("msi-route", "KVM_IRQ_LINE_STATUS", "KVM_SET_GSI_ROUTING: EINVAL", Set.of("KVM_SET_GSI_ROUTING"));
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.routedMessage(injection.message());
    }
}
