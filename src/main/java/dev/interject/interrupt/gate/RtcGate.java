package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;

import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;

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
        return path.branches().stream().noneMatch(RtcGate::isOfPin) ? path
                : new GatePath(path.entry(), path.branches()
                        .stream()
                        .map(branch -> isOfPin(branch) ? with(branch, state) : branch)
                        .toList());
    }

    private static boolean isOfPin(Branch branch) {
        return branch.input().chip() == Input.Chip.IOAPIC && branch.input().pin() == PIN
                && branch.gates().getFirst().isOpen(); // a masked edge ends there
    }

    private static Branch with(Branch branch, GuestState state) {
        List<Gate> gates = new ArrayList<>(branch.gates());
        LapicRegisters lapic = state.seenBy(branch.to().vcpu()).controllers().lapic().orElseThrow();
        gates.add(1, gate(lapic, branch.vector()));
        return new Branch(branch.input(), branch.to(), branch.vector(), gates);
    }

    private static Gate gate(LapicRegisters lapic, int vector) {
        String place = "IOAPIC, pin 8, clock";
        boolean isPending = lapic.isRequested(vector) || lapic.isInService(vector);
        return isPending
                ? Gate.of(Verdict.COALESCES, GateKind.RTC, place, "vector 0x%02x, no EOI yet".formatted(vector),
                        "KVM merges this one with the one whose EOI is still to come",
                        "have the handler write the LAPIC's EOI register").withDeparture(DEPARTURE)
                : Gate.open(GateKind.RTC, place, "no EOI to come", "KVM has delivered none that is not ended");
    }
}
