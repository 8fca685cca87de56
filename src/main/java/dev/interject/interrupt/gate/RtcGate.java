package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.device.Redirection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/**
 * Pin 8 of the kernel's IOAPIC, where a PC has its clock: KVM merges a request of {@code KVM_IRQ_LINE_STATUS} with one
 * whose EOI is still to come, so that a VMM can deliver it later (rtc_irq_check_coalesced of ioapic.c).
 */
final class RtcGate {

    private static final int PIN = 8;
    private static final String DEPARTURE = "KVM does so at pin 8 alone: by the 82093AA data sheet (\"I/O Redirection"
            + " Table Registers\", bit 14), only a level waits for an EOI";

    private RtcGate() {}

    static GatePath on(GatePath path, GuestState state) {
        if (path.branches().stream().noneMatch(RtcGate::isOfPin)) {
            return path;
        }
        Gate gate = gate(state);
        return new GatePath(path.entry(),
                path.branches().stream().map(branch -> isOfPin(branch) ? with(branch, gate) : branch).toList());
    }

    private static boolean isOfPin(Branch branch) {
        return branch.input().chip() == Input.Chip.IOAPIC && branch.input().pin() == PIN
                && branch.gates().getFirst().isOpen(); // a masked edge ends there
    }

    private static Branch with(Branch branch, Gate gate) {
        List<Gate> gates = new ArrayList<>(branch.gates());
        gates.add(1, gate);
        return new Branch(branch.input(), branch.to(), branch.vector(), gates);
    }

    /** KVM counts the EOIs of all LAPICs that the pin's entry names (__rtc_irq_eoi_tracking_restore_one). */
    private static Gate gate(GuestState state) {
        Redirection entry = state.controllers().ioapic().orElseThrow().entries().get(PIN);
        Destination destination = Destination.of(entry.destination(), entry.isLogical());
        String place = "IOAPIC, pin 8, clock";
        boolean isPending = ApicGates.isAnyPending(state.lapics().stream().filter(destination::names).toList(),
                entry.vector());
        Piece[] lacking = Stream.of(Piece.LAPIC_IRR, Piece.LAPIC_ISR).filter(state::anyLacks).toArray(Piece[]::new);
        if (lacking.length > 0) {
            return Gate.unknown(GateKind.RTC, place, lacking);
        }
        return isPending
                ? Gate.of(Verdict.COALESCES, GateKind.RTC, place,
                        "vector 0x%02x, no EOI yet".formatted(entry.vector()),
                        "KVM merges this one with the one whose EOI is still to come",
                        "have the handler write the LAPIC's EOI register").withDeparture(DEPARTURE)
                : Gate.open(GateKind.RTC, place, "no EOI to come", "KVM has delivered none that is not ended");
    }
}
