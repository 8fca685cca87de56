package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.device.CommandPort;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;

/** What LAPICs receive: a message, or an IPI; and to which of them it goes. */
final class MessageGates {

    private static final long WINDOW = 0xfee00000L;
    private static final long WINDOW_MASK = 0xfff00000L;
    private static final int EXTENDED_DESTINATION = 0x7f << 5;
    private static final int SENDER = 0;

    private MessageGates() {}

    /** A branch for each vCPU that takes the message. */
    static List<Branch> message(GuestState state, MsiMessage message, int group, boolean takesNmis) {
        Destination destination = Destination.of(message);
        DeliveryMode mode = DeliveryMode.of(message.deliveryMode());
        // KVM delivers a physical broadcast with the hint as fixed
        DeliveryMode delivered = destination.isPhysicalBroadcast() && message.hasRedirectionHint() ? DeliveryMode.FIXED
                : mode;
        boolean isForOne = destination.isForOne(mode, message.hasRedirectionHint());
        TargetVcpus to = TargetVcpus.of(state, destination, message.vector(), isForOne);
        Gate where = destination(state, "message", destination, to);
        return to.branches(state, Input.lapic(), group, vector(delivered, message.vector()), seen -> {
            List<Gate> gates = new ArrayList<>();
            addAddress(gates, message);
            gates.add(where);
            gates.add(delivered.hasVector() && !mode.hasVector()
                    ? Gate.of(Verdict.NOT_PORTABLE, GateKind.MESSAGE, "message, mode", mode.evidence(),
                            "KVM delivers a physical broadcast with the redirection hint as fixed"
                                    + " (kvm_irq_delivery_to_apic)",
                            "clear the redirection hint, bit 3 of the address")
                    : delivered.gate(GateKind.MESSAGE, "message", seen));
            if (message.isDeassert()) {
                gates.add(Gate.of(Verdict.NOT_PORTABLE, GateKind.MESSAGE, "message, level",
                        "0x%08x".formatted(message.data()),
                        "level triggered and not asserted: hardware delivers nothing, and KVM ignores bit 14",
                        "set bit 14 of the data, or clear bit 15"));
            }
            addVector(gates, seen, delivered, message.vector());
            addReceipt(gates, seen, delivered, message.vector(), takesNmis);
            return gates;
        });
    }

    private static void addAddress(List<Gate> gates, MsiMessage message) {
        String evidence = "0x%08x".formatted(message.address());
        boolean toLapic = (message.address() & WINDOW_MASK) == (WINDOW & WINDOW_MASK);
        gates.add(toLapic
                ? Gate.open(GateKind.MESSAGE, "message, address", evidence, "in the LAPICs' address range")
                : Gate.of(Verdict.NOT_PORTABLE, GateKind.MESSAGE, "message, address", evidence,
                        "the LAPICs' range is 0xfee00000 to 0xfeefffff; KVM decodes only bits 19:2, and hardware would"
                                + " write to memory instead",
                        "send it to 0xfee00000, with the APIC ID in bits 19:12"));
        int extended = message.address() & EXTENDED_DESTINATION;
        if (toLapic && extended != 0) {
            gates.add(Gate.of(Verdict.NOT_PORTABLE, GateKind.MESSAGE, "message, extended destination",
                    "bits 11:5 are 0x%02x".formatted(extended >> 5),
                    "KVM ignores bits 14:8 of a 15-bit destination there (KVM_FEATURE_MSI_EXT_DEST_ID): a VMM has to"
                            + " move them to address_hi",
                    "clear bits 11:5 of the address"));
        }
    }

    /** A branch for each vCPU that takes an IPI of vCPU 0. */
    static List<Branch> ipi(GuestState state, Icr icr, boolean takesNmis) {
        Destination destination = Destination.of(icr, SENDER);
        DeliveryMode mode = DeliveryMode.of(icr.deliveryMode());
        TargetVcpus to = TargetVcpus.of(state, destination, icr.vector(), destination.isForOne(mode, false));
        Gate where = destination(state, "ICR", destination, to);
        return to.branches(state, Input.lapic(), 0, vector(mode, icr.vector()), seen -> {
            List<Gate> gates = new ArrayList<>();
            gates.add(where);
            gates.add(icr.isDeassert() && mode.dependsOnLevel()
                    ? Gate.drops(GateKind.ICR, "ICR, level", "0x%05x".formatted(icr.low()),
                            "level triggered and not asserted: it delivers nothing", "set bit 14, or clear bit 15")
                    : mode.gate(GateKind.ICR, "ICR", seen));
            addVector(gates, seen, mode, icr.vector());
            addReceipt(gates, seen, mode, icr.vector(), takesNmis);
            return gates;
        });
    }

    /** vCPU 0 sends an IPI when a message makes it; what keeps that message from it keeps the IPI as well. */
    static void addSender(List<Gate> gates, GuestState state) {
        message(state.seenBy(SENDER), MsiMessage.fixed(SENDER, CommandPort.VECTOR), 0, false).getFirst()
                .gates()
                .stream()
                .filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.COALESCES)
                .findFirst()
                .ifPresent(gate -> gates.add(Gate.of(gate.verdict(), gate.kind(), "sender vCPU 0, " + gate.place(),
                        gate.evidence(), gate.meaning(), gate.fix())));
    }

    static void addVector(List<Gate> gates, GuestState state, DeliveryMode mode, int vector) {
        if (mode.hasVector()) {
            ApicGates.addVector(gates, state, vector);
        }
    }

    /** What a LAPIC and its CPU do with it. */
    static void addReceipt(List<Gate> gates, GuestState state, DeliveryMode mode, int vector, boolean takesNmis) {
        if (mode.hasVector()) {
            RouteGates.addLapicAndCpu(gates, state, vector);
            return;
        }
        ApicGates.addPower(gates, state);
        if (mode == DeliveryMode.NMI) {
            CpuGates.addActivity(gates, state);
            CpuGates.addNmi(gates, state, takesNmis);
        }
    }

    /** The vector at which it arrives. */
    static int vector(DeliveryMode mode, int vector) {
        return mode == DeliveryMode.NMI ? CpuGates.NMI_VECTOR : vector;
    }

    /** @param state of the target vCPU */
    static Gate destination(GuestState state, String from, Destination destination, TargetVcpus to) {
        String place = from + ", destination";
        Piece[] lacking = piecesOf(state, destination).filter(state::anyLacks).toArray(Piece[]::new);
        if (lacking.length > 0) {
            return Gate.unknown(GateKind.DESTINATION, place, destination.toString(), lacking);
        }
        String evidence = destination.toString();
        String fix = "use APIC ID %s in physical destination mode".formatted(ownId(state));
        if (to.vcpus().contains(state.vcpu())) {
            return Gate.open(GateKind.DESTINATION, place, evidence,
                    state.vcpus() == 1 ? "the only vCPU of this machine"
                            : (to.areRivals() ? "one of them takes it: " : "") + to);
        }
        if (!to.vcpus().isEmpty()) {
            return Gate.misrouted(GateKind.DESTINATION, place, evidence,
                    "the interrupt goes to %s, not to vCPU %d".formatted(to, state.vcpu()), fix);
        }
        List<Lapic> named = state.lapics().stream().filter(destination::names).toList();
        if (!named.isEmpty()) {
            return named.stream().noneMatch(Lapic::isEnabled)
                    ? Gate.drops(GateKind.DESTINATION, place, evidence,
                            "KVM looks for none that is software-disabled",
                            "have the guest enable its LAPIC (SVR bit 8)")
                    : Gate.drops(GateKind.DESTINATION, place, evidence,
                            "by the manuals a LAPIC matches; this host's KVM does not find it", fix);
        }
        return Gate.misrouted(GateKind.APIC_ID, place, evidence,
                destination.isLogical() ? "no LAPIC's logical ID matches (%s)".formatted(state.lapics()
                        .stream()
                        .map(Lapic::logicalModel)
                        .distinct()
                        .collect(Collectors.joining("; "))) : "no vCPU of this machine has that APIC ID",
                fix);
    }

    /** Where one LAPIC has the ID, it does not matter to whom the interrupt goes whether that LAPIC is on. */
    private static Stream<Piece> piecesOf(GuestState state, Destination destination) {
        if (!destination.dependsOnIds()) {
            return Stream.empty();
        }
        boolean isOfOne = state.lapics().stream().filter(destination::names).count() <= 1;
        return isOfOne ? Stream.of(Piece.LAPIC_ID, Piece.X2APIC_MODE)
                : Stream.of(Piece.LAPIC_ID, Piece.X2APIC_MODE, Piece.APIC_BASE);
    }

    private static String ownId(GuestState state) {
        return state.lapics()
                .stream()
                .filter(lapic -> lapic.vcpu() == state.vcpu())
                .map(lapic -> Integer.toUnsignedString(lapic.id()))
                .findFirst()
                .orElseThrow();
    }
}
