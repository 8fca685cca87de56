package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.device.Redirection;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.LapicRegisters;

/** The gates in the IOAPIC, and in the LAPIC that receives its messages and others. */
final class ApicGates {

    /** The vectors below are illegal (Intel SDM vol. 3, "Valid Interrupt Vectors"). */
    private static final int FIRST_VECTOR = 0x10;
    private static final int CLASS = 0xf0;
    private static final long APIC_BASE_ENABLED = 1 << 11;

    private ApicGates() {}

    /**
     * From the pin to the LAPIC.
     *
     * @param state   as the vCPU of that LAPIC sees it
     * @param to      the gate of the destination
     * @param level   of the pin's line before
     * @param trigger how the line is driven: a pulse, or high until the handler acknowledges
     */
    static void addIoapic(List<Gate> gates, GuestState state, int pin, Gate to, LineLevel level, Trigger trigger) {
        Redirection entry = state.controllers().ioapic().orElseThrow().entries().get(pin);
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        String place = "IOAPIC, pin " + pin;
        String evidence = "0x%016x".formatted(entry.bits());
        gates.add(mask(entry, place, evidence, trigger, pin));
        if (gates.getLast().verdict() == Verdict.DROPS) {
            return;
        }
        if (level == LineLevel.UNKNOWN && !entry.isLevel()) {
            gates.add(Gate.unknown(GateKind.WIRE, place + ", wire", Piece.LINES_HIGH));
        } else if (level == LineLevel.HIGH && !entry.isLevel()) {
            gates.add(Gate.drops(GateKind.WIRE, place + ", wire", "edge, line high",
                    "the line is already high, and an edge-triggered input detects only a low-to-high transition",
                    "lower the line first"));
        }
        DeliveryMode mode = DeliveryMode.of(entry.deliveryMode());
        gates.add(mode.gate(GateKind.IOAPIC_MODE, place, state));
        MessageGates.addVector(gates, state, mode, entry.vector());
        if (entry.isLevel()) {
            Gate gate = entry.remoteIrr() && !lapic.isRequested(entry.vector()) // otherwise the IRR gate decides
                    ? remoteIrr(place, entry, isAnyPending(state.lapics(), entry.vector()), pin, trigger)
                    : Gate.open(GateKind.IOAPIC_REMOTE_IRR, place + ", remote IRR", entry.remoteIrr() ? "1" : "0",
                            "no EOI is pending");
            gates.add(entry.remoteIrr() ? gate.unless(state, Piece.LAPIC_IRR, Piece.LAPIC_ISR) : gate);
        }
        gates.add(to);
    }

    /** Whether a LAPIC has the vector, and its EOI is still to come. */
    static boolean isAnyPending(List<Lapic> lapics, int vector) {
        return lapics.stream()
                .map(Lapic::registers)
                .anyMatch(lapic -> lapic.isRequested(vector) || lapic.isInService(vector));
    }

    /** Only the EOI of a vector in service clears it; without one, KVM clears it when the entry becomes an edge. */
    private static Gate remoteIrr(String place, Redirection entry, boolean isPending, int pin, Trigger trigger) {
        return Gate.of(trigger == Trigger.LEVEL ? Verdict.HOLDS : Verdict.DROPS, GateKind.IOAPIC_REMOTE_IRR,
                place + ", remote IRR", isPending ? "1" : "1, vector 0x%02x not in service".formatted(entry.vector()),
                isPending
                        ? "an earlier interrupt was accepted and its EOI is pending; a pulse ends before that EOI"
                        : "an earlier interrupt was accepted, and its EOI cannot come any more",
                isPending ? "have the handler write the LAPIC's EOI register"
                        : "have the guest make redirection entry %d edge-triggered (bit 15), then level-triggered again"
                                .formatted(pin));
    }

    private static Gate mask(Redirection entry, String place, String evidence, Trigger trigger, int pin) {
        if (!entry.isMasked()) {
            return Gate.open(GateKind.IOAPIC_MASK, place, evidence,
                    "not masked; sends vector 0x%02x".formatted(entry.vector()));
        }
        boolean staysRequested = entry.isLevel() && trigger == Trigger.LEVEL;
        return Gate.of(staysRequested ? Verdict.HOLDS : Verdict.DROPS, GateKind.IOAPIC_MASK, place, evidence,
                "masked: an edge is dropped; a level stays requested as long as the line is high",
                "have the guest clear bit 16 of redirection entry %d".formatted(pin));
    }

    /** A LAPIC never delivers vectors below 0x10: their priority class is 0, and no class is below it. */
    static void addVector(List<Gate> gates, GuestState state, int vector) {
        if (vector >= FIRST_VECTOR || vector == GatePath.NO_VECTOR) {
            CpuGates.addVector(gates, state, vector);
            return;
        }
        gates.add(Gate.misrouted(GateKind.VECTOR, "vector", "0x%02x".formatted(vector),
                "vectors 0x00 to 0x1f are CPU exceptions, and a LAPIC does not accept a vector below 0x10",
                "use a vector from 0x20 to 0xff"));
    }

    /** Whether IA32_APIC_BASE enables the LAPIC. */
    static boolean isOn(GuestState state) {
        return (state.cpu().special().apicBase() & APIC_BASE_ENABLED) != 0;
    }

    /** Without it, nothing reaches the vCPU. An NMI, SMI, INIT or start-up needs nothing else of the LAPIC. */
    static void addPower(List<Gate> gates, GuestState state) {
        if (state.lacks(Piece.APIC_BASE)) {
            gates.add(Gate.unknown(GateKind.LAPIC_ENABLE, "LAPIC, IA32_APIC_BASE", Piece.APIC_BASE));
        } else if (!isOn(state)) {
            gates.add(Gate.drops(GateKind.LAPIC_ENABLE, "LAPIC, IA32_APIC_BASE",
                    "0x%x".formatted(state.cpu().special().apicBase()), "the guest has disabled its LAPIC",
                    "have the guest set bit 11 of IA32_APIC_BASE (MSR 0x1b)"));
        }
    }

    static void addSoftwareEnable(List<Gate> gates, GuestState state) {
        gates.add((state.controllers().lapic().orElseThrow().isSoftwareEnabled()
                ? Gate.open(GateKind.LAPIC_SVR, "LAPIC, SVR", "enabled", "the LAPIC accepts interrupts")
                : Gate.drops(GateKind.LAPIC_SVR, "LAPIC, SVR", "disabled",
                        "the guest has not enabled its LAPIC, which ignores the interrupt",
                        "have the guest set bit 8 of the spurious-interrupt vector register"))
                .unless(state, Piece.LAPIC_SVR));
    }

    static void addLapic(List<Gate> gates, GuestState state, int vector) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        addPower(gates, state);
        addSoftwareEnable(gates, state);
        if (vector == GatePath.NO_VECTOR) {
            return;
        }
        int priority = lapic.taskPriority();
        gates.add(((vector & CLASS) > (priority & CLASS)
                ? Gate.open(GateKind.LAPIC_TPR, "LAPIC, TPR", "0x%02x".formatted(priority),
                        "below the vector's class")
                : Gate.holds(GateKind.LAPIC_TPR, "LAPIC, TPR", "0x%02x".formatted(priority),
                        "the vector's class is not above the TPR's class",
                        (vector & CLASS) == 0 ? "use a vector of 0x10 or more: no TPR lets class 0 through"
                                : "have the guest lower its TPR (or CR8) below 0x%02x".formatted(vector & CLASS)))
                .unless(state, Piece.LAPIC_TPR));
        gates.add(inService(lapic, vector).unless(state, Piece.LAPIC_ISR));
    }

    /** A vector in service holds its own class and all below, until its EOI. */
    private static Gate inService(LapicRegisters lapic, int vector) {
        List<String> holding = lapic.inService()
                .reversed()
                .stream()
                .filter(other -> (other & CLASS) >= (vector & CLASS))
                .map("0x%02x"::formatted)
                .toList();
        int highest = lapic.highestInService();
        String evidence = highest < 0 ? "empty" : "0x%02x".formatted(highest);
        return holding.isEmpty()
                ? Gate.open(GateKind.LAPIC_ISR, "LAPIC, ISR", evidence,
                        "no interrupt of the same or a higher class is in service")
                : Gate.holds(GateKind.LAPIC_ISR, "LAPIC, ISR", evidence,
                        "its class is not below the vector's: no EOI yet",
                        holding.size() == 1
                                ? "have the handler of vector %s write the EOI register".formatted(holding.getFirst())
                                : "have the handlers of vectors %s write the EOI register"
                                        .formatted(String.join(", ", holding)));
    }

    /** Whether an interrupt of the 8259s reaches its CPU. */
    static boolean passesThe8259s(Lapic lapic) {
        return !lapic.isOn() || lapic.registers().letsPicThrough();
    }

    /** The 8259s' INT reaches the CPU through the LAPIC's LINT0 pin; a disabled LAPIC passes it unchanged. */
    static void addLint0(List<Gate> gates, GuestState state) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        String evidence = "0x%05x".formatted(lapic.lint0());
        boolean off = !isOn(state);
        Gate gate = off || lapic.letsPicThrough()
                ? Gate.open(GateKind.LVT0, "LAPIC, LVT0", evidence,
                        off ? "the LAPIC is disabled: LINT0 acts as the CPU's INTR pin"
                                : "ExtINT, not masked: it passes the 8259s' INT")
                : Gate.holds(GateKind.LVT0, "LAPIC, LVT0", evidence,
                        "masked, or not ExtINT: it blocks the 8259s' INT",
                        (lapic.isSoftwareEnabled() ? "" : "have the guest enable its LAPIC (SVR bit 8); then ")
                                + "have the guest write 0x00700 to the LVT LINT0 register");
        boolean mayPassAtAnother = !gate.isOpen() && state.anyLacks(Piece.LAPIC_LVT0);
        boolean passesAnyway = lapic.letsPicThrough() && !state.lacks(Piece.LAPIC_LVT0);
        gates.add(mayPassAtAnother ? Gate.unknown(GateKind.LVT0, "LAPIC, LVT0", Piece.LAPIC_LVT0)
                : passesAnyway ? gate
                        : state.lacks(Piece.APIC_BASE) && !state.lacks(Piece.LAPIC_LVT0)
                                ? Gate.unknown(GateKind.LVT0, "LAPIC, LVT0", evidence + ", blocks if the LAPIC is on",
                                        Piece.APIC_BASE)
                                : gate.unless(state, Piece.LAPIC_LVT0, Piece.APIC_BASE));
    }

    /** The last gate: if an earlier one holds the pending interrupt, that gate is the reason. */
    static void addRequested(List<Gate> gates, GuestState state, int vector) {
        if (vector == GatePath.NO_VECTOR) {
            return;
        }
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        gates.add((lapic.isRequested(vector)
                ? Gate.of(Verdict.COALESCES, GateKind.LAPIC_IRR, "LAPIC, IRR", "bit 0x%02x set".formatted(vector),
                        "one is already pending: this one coalesces", "wait until the pending one has been taken")
                : Gate.open(GateKind.LAPIC_IRR, "LAPIC, IRR", "bit 0x%02x clear".formatted(vector),
                        "none of this vector is pending"))
                .unless(state, Piece.LAPIC_IRR));
    }
}
