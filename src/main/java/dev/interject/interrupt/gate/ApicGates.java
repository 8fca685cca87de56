package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.device.Redirection;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/** The gates in the IOAPIC, in a message, and in the LAPIC that receives it. */
final class ApicGates {

    // Delivery modes (82093AA data sheet, 3.2.4; Intel SDM vol. 3, "Message Data Register Format")
    private static final int FIXED = 0;
    private static final int LOWEST_PRIORITY = 1;
    private static final int SMI = 2;
    private static final int NMI = 4;
    private static final int INIT = 5;
    private static final List<String> MODES =
            List.of("fixed", "lowest priority", "SMI", "reserved", "NMI", "INIT", "reserved", "ExtINT");

    /** The vectors below are illegal (Intel SDM vol. 3, "Valid Interrupt Vectors"). */
    private static final int FIRST_VECTOR = 0x10;
    private static final int CLASS = 0xf0;
    private static final long MESSAGE_WINDOW = 0xfee00000L;
    private static final long MESSAGE_WINDOW_MASK = 0xfff00000L;
    private static final long APIC_BASE_ENABLED = 1 << 11;

    private ApicGates() {}

    /**
     * From the pin to the LAPIC.
     *
     * @param isHigh  whether the pin's line is high already
     * @param trigger how the line is driven: a pulse, or high until the handler acknowledges
     */
    static void addIoapic(List<Gate> gates, GuestState state, int pin, boolean isHigh, Trigger trigger) {
        Redirection entry = state.controllers().ioapic().orElseThrow().entries().get(pin);
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        String place = "IOAPIC, pin " + pin;
        String evidence = "0x%016x".formatted(entry.bits());
        gates.add(mask(entry, place, evidence, trigger, pin));
        if (gates.getLast().verdict() == Verdict.DROPS) {
            return;
        }
        if (isHigh && !entry.isLevel()) {
            gates.add(Gate.drops(GateKind.WIRE, place + ", wire", "edge, line high",
                    "the line is already high, and an edge-triggered input detects only a low-to-high transition",
                    "lower the line first"));
        }
        addMode(gates, GateKind.IOAPIC_MODE, place, entry.deliveryMode());
        addVector(gates, state, entry.vector());
        if (entry.isLevel()) {
            gates.add(entry.remoteIrr() && !lapic.isRequested(entry.vector()) // otherwise the IRR gate decides
                    ? remoteIrr(place, entry, lapic.isInService(entry.vector()), pin, trigger)
                    : Gate.open(GateKind.IOAPIC_REMOTE_IRR, place + ", remote IRR", entry.remoteIrr() ? "1" : "0",
                            "no EOI is pending"));
        }
        addDestination(gates, place, new Destination(entry.destination(), entry.isLogical()), state);
    }

    /** Only the EOI of a vector in service clears it; without one, KVM clears it when the entry becomes an edge. */
    private static Gate remoteIrr(String place, Redirection entry, boolean isInService, int pin, Trigger trigger) {
        return Gate.of(trigger == Trigger.LEVEL ? Verdict.HOLDS : Verdict.DROPS, GateKind.IOAPIC_REMOTE_IRR,
                place + ", remote IRR", isInService ? "1" : "1, vector 0x%02x not in service".formatted(entry.vector()),
                isInService
                        ? "an earlier interrupt was accepted and its EOI is pending; a pulse ends before that EOI"
                        : "an earlier interrupt was accepted, and its EOI cannot come any more",
                isInService ? "have the handler write the LAPIC's EOI register"
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

    private static void addMode(List<Gate> gates, GateKind kind, String place, int mode) {
        place += ", mode";
        String evidence = "%s (delivery mode %d)".formatted(MODES.get(mode), mode);
        String fix = "use delivery mode 0 (fixed) in bits 10:8";
        gates.add(switch (mode) {
            case FIXED, LOWEST_PRIORITY -> Gate.open(kind, place, MODES.get(mode), "an ordinary interrupt");
            case SMI -> Gate.breaks(kind, place, evidence,
                    "it puts the vCPU into system management mode, which has no handler", fix);
            case NMI ->
                Gate.misrouted(kind, place, evidence, "it arrives as an NMI, at vector 2", fix);
            case INIT -> Gate.breaks(kind, place, evidence, "it resets the vCPU", fix);
            default ->
                Gate.misrouted(kind, place, evidence, "the kernel's LAPIC does not accept this delivery mode", fix);
        });
    }

    static void addMessage(List<Gate> gates, MsiMessage message, GuestState state) {
        boolean toLapic = (message.address() & MESSAGE_WINDOW_MASK) == (MESSAGE_WINDOW & MESSAGE_WINDOW_MASK);
        gates.add(toLapic
                ? Gate.open(GateKind.MESSAGE, "message, address", "0x%08x".formatted(message.address()),
                        "in the LAPICs' address range")
                : Gate.of(Verdict.NOT_PORTABLE, GateKind.MESSAGE, "message, address",
                        "0x%08x".formatted(message.address()),
                        "the LAPICs' range is 0xfee00000 to 0xfeefffff; KVM decodes only bits 19:2, and hardware would"
                                + " write to memory instead",
                        "send it to 0xfee00000, with the APIC ID in bits 19:12"));
        addDestination(gates, "message", new Destination(message.destination(), message.isLogical()), state);
        addMode(gates, GateKind.MESSAGE, "message", message.deliveryMode());
        addVector(gates, state, message.vector());
    }

    /** @param state of the target vCPU */
    static void addDestination(List<Gate> gates, String place, Destination destination, GuestState state) {
        place += ", destination";
        String evidence = destination.toString();
        String fix = "use APIC ID %d in physical destination mode".formatted(state.vcpu());
        if (destination.isBroadcast() && state.vcpus() > 1) {
            gates.add(Gate.misrouted(GateKind.DESTINATION, place, evidence,
                    "a broadcast: all %d vCPUs would take it".formatted(state.vcpus()), fix));
        } else if (destination.names(state)) {
            gates.add(Gate.open(GateKind.DESTINATION, place, evidence,
                    state.vcpus() == 1 ? "the only vCPU of this machine" : "vCPU " + state.vcpu()));
        } else if (destination.isLogical()) {
            gates.add(Gate.misrouted(state.vcpus() == 1 ? GateKind.APIC_ID : GateKind.DESTINATION, place, evidence,
                    "the LAPIC's logical ID (%s) does not match".formatted(Destination.logicalId(state)), fix));
        } else if (destination.id() < state.vcpus()) {
            gates.add(Gate.misrouted(GateKind.DESTINATION, place, evidence,
                    "the interrupt goes to another vCPU, not to vCPU %d".formatted(state.vcpu()), fix));
        } else {
            gates.add(Gate.misrouted(GateKind.APIC_ID, place, evidence, "no vCPU of this machine has that APIC ID",
                    fix));
        }
    }

    /** A LAPIC never delivers vectors below 0x10: their priority class is 0, and no class is below it. */
    static void addVector(List<Gate> gates, GuestState state, int vector) {
        if (vector >= FIRST_VECTOR) {
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

    static void addLapic(List<Gate> gates, GuestState state, int vector) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        if (!isOn(state)) {
            gates.add(Gate.drops(GateKind.LAPIC_ENABLE, "LAPIC, IA32_APIC_BASE",
                    "0x%x".formatted(state.cpu().special().apicBase()), "the guest has disabled its LAPIC",
                    "have the guest set bit 11 of IA32_APIC_BASE (MSR 0x1b)"));
        }
        gates.add(lapic.isSoftwareEnabled()
                ? Gate.open(GateKind.LAPIC_SVR, "LAPIC, SVR", "enabled", "the LAPIC accepts interrupts")
                : Gate.drops(GateKind.LAPIC_SVR, "LAPIC, SVR", "disabled",
                        "the guest has not enabled its LAPIC, which ignores the interrupt",
                        "have the guest set bit 8 of the spurious-interrupt vector register"));
        int priority = lapic.taskPriority();
        gates.add((vector & CLASS) > (priority & CLASS)
                ? Gate.open(GateKind.LAPIC_TPR, "LAPIC, TPR", "0x%02x".formatted(priority),
                        "below the vector's class")
                : Gate.holds(GateKind.LAPIC_TPR, "LAPIC, TPR", "0x%02x".formatted(priority),
                        "the vector's class is not above the TPR's class",
                        (vector & CLASS) == 0 ? "use a vector of 0x10 or more: no TPR lets class 0 through"
                                : "have the guest lower its TPR (or CR8) below 0x%02x".formatted(vector & CLASS)));
        int inService = lapic.highestInService();
        boolean blocked = inService >= 0 && (inService & CLASS) >= (vector & CLASS);
        gates.add(blocked
                ? Gate.holds(GateKind.LAPIC_ISR, "LAPIC, ISR", "0x%02x".formatted(inService),
                        "its class is not below the vector's: no EOI yet",
                        "have the handler of vector 0x%02x write the EOI register".formatted(inService))
                : Gate.open(GateKind.LAPIC_ISR, "LAPIC, ISR",
                        inService < 0 ? "empty" : "0x%02x".formatted(inService),
                        "no interrupt of the same or a higher class is in service"));
    }

    /** The 8259s' INT reaches the CPU through the LAPIC's LINT0 pin; a disabled LAPIC passes it unchanged. */
    static void addLint0(List<Gate> gates, GuestState state) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        String evidence = "0x%05x".formatted(lapic.lint0());
        boolean off = !isOn(state);
        gates.add(off || lapic.letsPicThrough()
                ? Gate.open(GateKind.LVT0, "LAPIC, LVT0", evidence,
                        off ? "the LAPIC is disabled: LINT0 acts as the CPU's INTR pin"
                                : "ExtINT, not masked: it passes the 8259s' INT")
                : Gate.holds(GateKind.LVT0, "LAPIC, LVT0", evidence,
                        "masked, or not ExtINT: it blocks the 8259s' INT",
                        (lapic.isSoftwareEnabled() ? "" : "have the guest enable its LAPIC (SVR bit 8); then ")
                                + "have the guest write 0x00700 to the LVT LINT0 register"));
    }

    /** The last gate: if an earlier one holds the pending interrupt, that gate is the reason. */
    static void addRequested(List<Gate> gates, LapicRegisters lapic, int vector) {
        gates.add(lapic.isRequested(vector)
                ? Gate.of(Verdict.COALESCES, GateKind.LAPIC_IRR, "LAPIC, IRR", "bit 0x%02x set".formatted(vector),
                        "one is already pending: this one coalesces", "wait until the pending one has been taken")
                : Gate.open(GateKind.LAPIC_IRR, "LAPIC, IRR", "bit 0x%02x clear".formatted(vector),
                        "none of this vector is pending"));
    }
}
