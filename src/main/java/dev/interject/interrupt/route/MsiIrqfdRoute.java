package dev.interject.interrupt.route;

import java.util.Set;

import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;

/** A GSI that is routed to a message and driven by an eventfd, as vhost and VFIO do it. */
final class MsiIrqfdRoute extends MessageRoute {

    MsiIrqfdRoute() {
        super("msi-irqfd", "KVM_IRQFD", "KVM_SET_GSI_ROUTING: EINVAL", Set.of("KVM_IRQFD", "KVM_SET_GSI_ROUTING"));
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.routedMessageByIrqfd(injection.message());
    }
}
