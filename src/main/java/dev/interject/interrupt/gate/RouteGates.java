package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.interject.device.Ioapic;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/** A GSI and what the kernel's routing table leads it to: a branch for each entry. */
final class RouteGates {

    private RouteGates() {}

    /**
     * A GSI of the kernel's routing table.
     *
     * @param entry   the gates before it; the GSI's own are added
     * @param trigger whether it is pulsed, or held until the handler acknowledges
     */
    static GatePath of(List<Gate> entry, GuestState state, int gsi, Trigger trigger) {
        List<GsiRoute> routes = state.controllers().routes().stream().filter(route -> route.gsi() == gsi).toList();
        addGsi(entry, gsi, !routes.isEmpty());
        if (!entry.getLast().isOpen()) {
            return GatePath.endingAt(entry);
        }
        entry.add(routes.isEmpty()
                ? Gate.drops(GateKind.ROUTE, "GSI, routing", "no entry for GSI " + gsi,
                        "the routing table has no entry for it, and the kernel ignores it without an error",
                        "add an entry for it (KVM_SET_GSI_ROUTING replaces the whole table)")
                : Gate.open(GateKind.ROUTE, "GSI, routing",
                        routes.stream().map(RouteGates::describe).collect(Collectors.joining("; ")),
                        routes.size() == 1 ? "the only entry for GSI " + gsi
                                : "%d entries for GSI %d: it reaches each of them".formatted(routes.size(), gsi)));
        return new GatePath(entry, routes.stream().map(route -> branch(state, route, trigger)).toList());
    }

    static void addGsi(List<Gate> gates, int gsi, boolean isRouted) {
        boolean isPin = gsi >= 0 && gsi < Ioapic.PINS;
        gates.add(isPin || isRouted
                ? Gate.open(GateKind.GSI, "GSI", "GSI " + gsi,
                        isPin ? "the IOAPIC has this pin" : "the routing table names it")
                : Gate.misrouted(GateKind.GSI, "GSI", "GSI " + gsi,
                        "GSIs are 0 to %d; the kernel ignores others without an error"
                                .formatted(Ioapic.PINS - 1),
                        "use a GSI from 0 to %d".formatted(Ioapic.PINS - 1)));
    }

    private static String describe(GsiRoute route) {
        return switch (route) {
            case GsiRoute.ToPin pin -> input(pin).toString();
            case GsiRoute.ToMessage message -> "message " + message.message();
        };
    }

    private static Input input(GsiRoute.ToPin route) {
        return route.isOfIoapic() ? Input.ioapic(route.pin())
                : Input.pic(route.chip() * ControllerState.LINES_PER_PIC + route.pin());
    }

    private static Branch branch(GuestState state, GsiRoute route, Trigger trigger) {
        return switch (route) {
            case GsiRoute.ToMessage message -> message(state, message.message());
            case GsiRoute.ToPin pin -> {
                Input input = input(pin);
                yield input.chip() == Input.Chip.PIC ? pic(state, input.pin(), trigger)
                        : ioapic(state, input.pin(), pin.gsi(), trigger);
            }
        };
    }

    private static Branch pic(GuestState state, int line, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        int vector = PicGates.vectorOf(state, line, trigger);
        PicGates.add(gates, state, line, trigger);
        ApicGates.addLint0(gates, state);
        CpuGates.addActivity(gates, state);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.add(gates, state, vector);
        PicGates.addRequested(gates, state, line);
        return new Branch(Input.pic(line), vector, gates);
    }

    /** @param gsi the line that drives the pin */
    static Branch ioapic(GuestState state, int pin, int gsi, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        int vector = state.controllers().ioapic().orElseThrow().entries().get(pin).vector();
        ApicGates.addIoapic(gates, state, pin, state.controllers().isPinHigh(pin, gsi), trigger);
        if (gates.getFirst().verdict() != Verdict.DROPS) { // a masked edge ends here
            addLapicAndCpu(gates, state, vector);
        }
        return new Branch(Input.ioapic(pin), vector, gates);
    }

    static Branch message(GuestState state, MsiMessage message) {
        List<Gate> gates = new ArrayList<>();
        ApicGates.addMessage(gates, message, state);
        addLapicAndCpu(gates, state, message.vector());
        return new Branch(Input.lapic(), message.vector(), gates);
    }

    static void addLapicAndCpu(List<Gate> gates, GuestState state, int vector) {
        CpuGates.addActivity(gates, state);
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        ApicGates.addLapic(gates, state, vector);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.add(gates, state, vector);
        ApicGates.addRequested(gates, lapic, vector);
    }
}
