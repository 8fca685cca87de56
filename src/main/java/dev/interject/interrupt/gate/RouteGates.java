package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.interject.device.Ioapic;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.GsiRoute;

/** A GSI and what the kernel's routing table leads it to: a branch for each entry. */
final class RouteGates {

    private RouteGates() {}

    /**
     * A GSI of the kernel's routing table.
     *
     * @param entry   the gates before it; the GSI's own are added
     * @param trigger whether it is pulsed, or held until the handler acknowledges
     * @param takesNmis whether the guest's handler of vector 2 is one for NMIs
     */
    static GatePath of(List<Gate> entry, GuestState state, int gsi, Trigger trigger, boolean takesNmis) {
        List<GsiRoute> routes = state.controllers().routes().stream().filter(route -> route.gsi() == gsi).toList();
        addGsi(entry, gsi, !routes.isEmpty() || state.lacks(Piece.ROUTES));
        if (!entry.getLast().isOpen()) {
            return GatePath.endingAt(entry);
        }
        entry.add((routes.isEmpty()
                ? Gate.drops(GateKind.ROUTE, "GSI, routing", "no entry for GSI " + gsi,
                        "the routing table has no entry for it, and the kernel ignores it without an error",
                        "add an entry for it (KVM_SET_GSI_ROUTING replaces the whole table)")
                : Gate.open(GateKind.ROUTE, "GSI, routing",
                        routes.stream().map(RouteGates::describe).collect(Collectors.joining("; ")),
                        routes.size() == 1 ? "the only entry for GSI " + gsi
                                : "%d entries for GSI %d: it reaches each of them".formatted(routes.size(), gsi)))
                .unless(state, Piece.ROUTES));
        List<Branch> branches = new ArrayList<>();
        for (int group = 0; group < routes.size(); group++) {
            branches.addAll(branches(state, routes.get(group), group, trigger, takesNmis));
        }
        return new GatePath(entry, branches);
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

    private static List<Branch> branches(GuestState state, GsiRoute route, int group, Trigger trigger,
            boolean takesNmis) {
        return switch (route) {
            case GsiRoute.ToMessage message -> MessageGates.message(state, message.message(), group, takesNmis);
            case GsiRoute.ToPin pin -> {
                Input input = input(pin);
                yield input.chip() == Input.Chip.PIC ? List.of(pic(state, input.pin(), group, trigger))
                        : ioapic(state, input.pin(), pin.gsi(), group, trigger, takesNmis);
            }
        };
    }

    /** The 8259s interrupt the first vCPU whose LINT0 passes them on. */
    private static Branch pic(GuestState state, int line, int group, Trigger trigger) {
        GuestState seen = state.seenBy(state.lapics()
                .stream()
                .filter(ApicGates::passesThe8259s)
                .mapToInt(Lapic::vcpu)
                .findFirst()
                .orElse(0));
        List<Gate> gates = new ArrayList<>();
        int vector = PicGates.vectorOf(seen, line, trigger);
        PicGates.add(gates, seen, line, trigger);
        ApicGates.addLint0(gates, seen);
        CpuGates.addActivity(gates, seen);
        CpuGates.add(gates, seen, Verdict.HOLDS);
        TableGates.add(gates, seen, vector, PicGates.baseOf(seen, line, trigger));
        PicGates.addRequested(gates, seen, line);
        return new Branch(Input.pic(line), new BranchTarget(seen.vcpu(), group, false), vector, gates);
    }

    /**
     * A branch for each vCPU that a pin's entry names.
     *
     * @param gsi the line that drives the pin
     */
    static List<Branch> ioapic(GuestState state, int pin, int gsi, int group, Trigger trigger, boolean takesNmis) {
        if (state.lacks(Piece.IOAPIC)) {
            return List.of(ofUnknownIoapic(state, pin, group));
        }
        Redirection entry = state.controllers().ioapic().orElseThrow().entries().get(pin);
        Destination destination = Destination.of(entry.destination(), entry.isLogical());
        DeliveryMode mode = DeliveryMode.of(entry.deliveryMode());
        LineLevel level = LineLevel.of(state, pin, gsi);
        boolean hasHint = mode == DeliveryMode.LOWEST_PRIORITY && isByMessage(state);
        TargetVcpus to = TargetVcpus.of(state, destination, entry.vector(), destination.isForOne(mode, hasHint));
        Gate where = MessageGates.destination(state, "IOAPIC, pin " + pin, destination, to);
        return to.branches(state, Input.ioapic(pin), group, MessageGates.vector(mode, entry.vector()), seen -> {
            List<Gate> gates = new ArrayList<>();
            ApicGates.addIoapic(gates, seen, pin, where, level, trigger);
            if (gates.getFirst().verdict() != Verdict.DROPS) { // a masked edge ends here
                MessageGates.addReceipt(gates, seen, mode, entry.vector(), takesNmis);
            }
            return gates;
        });
    }

    /** Neither the vector nor the destination is known: the vCPU is looked at that the state is about. */
    private static Branch ofUnknownIoapic(GuestState state, int pin, int group) {
        List<Gate> gates = new ArrayList<>();
        gates.add(Gate.unknown(GateKind.IOAPIC_MASK, "IOAPIC, pin " + pin, Piece.IOAPIC));
        CpuGates.addActivity(gates, state);
        ApicGates.addPower(gates, state);
        ApicGates.addSoftwareEnable(gates, state);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.addUnknown(gates, Piece.IOAPIC);
        return new Branch(Input.ioapic(pin), new BranchTarget(state.vcpu(), group, false), GatePath.NO_VECTOR, gates);
    }

    /** An IOAPIC in user space sends a message, with the redirection hint for lowest priority. */
    private static boolean isByMessage(GuestState state) {
        return state.irqchip() == Irqchip.SPLIT;
    }

    static void addLapicAndCpu(List<Gate> gates, GuestState state, int vector) {
        CpuGates.addActivity(gates, state);
        ApicGates.addLapic(gates, state, vector);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.add(gates, state, vector, Piece.LAPIC_TIMER);
        ApicGates.addRequested(gates, state, vector);
    }
}
