package dev.interject.interrupt.route;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;

/** A vector that is queued for the vCPU: from the 8259 pair in user space, or given by number. */
final class VectorRoute extends Route {

    private static final int RAW_VECTOR = 0x41;

    VectorRoute() {
        super("vector", "KVM_INTERRUPT", "", Set.of(), BuiltinGuest.PIC, Set.of(GuestInput.PIC),
                Set.of(RouteParameter.LINE, RouteParameter.LEVEL, RouteParameter.VECTOR));
    }

    @Override
    public boolean isQueuedInUserSpace() {
        return true;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return List.of(RouteCase.edge(irqchip, this, BuiltinGuest.PIC),
                RouteCase.level(irqchip, this, BuiltinGuest.PIC),
                new RouteCase(irqchip, this, BuiltinGuest.PIC, Trigger.EDGE, OptionalInt.of(RAW_VECTOR), 1));
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL
                ? Optional.of("path vector needs the 8259s in user space, and irqchip kernel has them in the kernel"
                        + " (KVM_INTERRUPT: ENXIO)")
                : Optional.empty();
    }

    @Override
    public boolean passesThroughPic(BuiltinGuest guest) {
        return true;
    }

    @Override
    boolean pullsLine(ResolvedInjection injection) {
        return usesLine(injection) && injection.irqchip() != Irqchip.KERNEL;
    }

    /** If the 8259s are in the kernel, the line only determines the vector. */
    @Override
    boolean usesLine(ResolvedInjection injection) {
        return injection.vector().isEmpty();
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return pullsLine(injection)
                ? Gates.ofUserspaceLine(state, injection.line(), injection.trigger())
                : Gates.ofVector(state,
                        injection.vector().orElseGet(() -> state.controllers().vectorOf(injection.line())));
    }

    @Override
    Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        boolean closed = gates.isForbiddenNow() || injection.irqchip() == Irqchip.KERNEL;
        return closed ? injectors.forcedVector(gates.vector()) : waitingInjector(injection, injectors, gates);
    }

    @Override
    Injector waitingInjector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return pullsLine(injection)
                ? injectors.userspaceLine(injection.line(), injection.trigger())
                : injectors.vector(gates.vector());
    }

    /** The 8259s report it, and vectors given by number never coalesce. */
    @Override
    boolean reportsCoalescing(ResolvedInjection injection, GuestState state) {
        return true;
    }

    @Override
    int waiting(ResolvedInjection injection, Pending pending, int vector) {
        return pullsLine(injection) ? pending.isLatched(injection.line(), vector) ? 1 : 0
                : super.waiting(injection, pending, vector);
    }

    @Override
    boolean isLatched(ResolvedInjection injection, GuestState state) {
        return pullsLine(injection) && IsaLine.exists(injection.line())
                && state.controllers().isPending(injection.line());
    }

    @Override
    boolean isInService(ResolvedInjection injection, GuestState state, int vector) {
        return super.isInService(injection, state, vector) || pullsLine(injection)
                && IsaLine.exists(injection.line()) && state.controllers().isInService(injection.line());
    }
}
