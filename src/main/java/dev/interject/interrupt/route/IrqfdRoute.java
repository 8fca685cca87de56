package dev.interject.interrupt.route;

import java.util.Optional;
import java.util.Set;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;

/** An eventfd that pulls a line. A level trigger has a resample eventfd, which KVM signals at the EOI. */
final class IrqfdRoute extends KernelLineRoute {

    IrqfdRoute() {
        super("irqfd", "KVM_IRQFD", "EINVAL", Set.of("KVM_IRQFD"));
    }

    @Override
    public Optional<String> refusalOf(Trigger trigger, Irqchip irqchip) {
        return trigger == Trigger.LEVEL && irqchip == Irqchip.SPLIT
                ? Optional.of(
                        "a resample eventfd needs the IOAPIC in the kernel (KVM_IRQFD: EINVAL with a split irqchip)")
                : Optional.empty();
    }

    /** The kernel looks the GSI up in its routing table, also if the IOAPIC is in user space. */
    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofEventfd(state, injection, injection.line(), injection.trigger());
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injectors.irqfd(injection.line(), injection.trigger());
    }
}
