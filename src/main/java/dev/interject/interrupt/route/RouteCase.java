package dev.interject.interrupt.route;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;

/**
 * A path into one kind of guest, as {@code compare} and {@code bench} try it.
 *
 * @param vector the vector, if it is given by number; otherwise empty
 * @param vcpus  how many vCPUs the guest has; the last of them is the target
 */
public record RouteCase(Irqchip irqchip, Route route, BuiltinGuest guest, Trigger trigger, OptionalInt vector,
        int vcpus) {

    /** Every case on every irqchip: one vCPU before several, and timers last. */
    public static List<RouteCase> all() {
        return Stream.of(Irqchip.values()).flatMap(irqchip -> {
            List<RouteCase> all = Route.all()
                    .stream()
                    .filter(route -> route.refusalOn(irqchip).isEmpty())
                    .flatMap(route -> route.cases(irqchip).stream())
                    .toList();
            return Stream.of(
                    all.stream().filter(one -> !one.route.isTimer() && one.vcpus == 1),
                    all.stream().filter(one -> one.vcpus > 1),
                    all.stream().filter(one -> one.route.isTimer())).flatMap(part -> part);
        }).toList();
    }

    static RouteCase edge(Irqchip irqchip, Route route, BuiltinGuest guest) {
        return new RouteCase(irqchip, route, guest, Trigger.EDGE, OptionalInt.empty(), 1);
    }

    static RouteCase level(Irqchip irqchip, Route route, BuiltinGuest guest) {
        return new RouteCase(irqchip, route, guest, Trigger.LEVEL, OptionalInt.empty(), 1);
    }

    static RouteCase toSecond(Irqchip irqchip, Route route) {
        return new RouteCase(irqchip, route, BuiltinGuest.SMP, Trigger.EDGE, OptionalInt.empty(), 2);
    }

    /** Whether a level passes through an IOAPIC, so that it depends on when the LAPIC ends an interrupt. */
    public boolean needsFaithfulEoi() {
        return trigger == Trigger.LEVEL && guest.usesIoapic();
    }

    /** As it is shown in messages. */
    @Override
    public String toString() {
        return "irqchip %s, path %s, guest %s, %s".formatted(irqchip, route, guest, trigger);
    }

    /** The path's name, or for a vector given by number {@code raw} and the vector. */
    public String pathLabel() {
        return vector.isPresent() ? "raw 0x%02x".formatted(vector.getAsInt()) : route.label();
    }
}
