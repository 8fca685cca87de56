package dev.interject.interrupt;

import java.util.List;

import dev.interject.device.Redirection;
import dev.interject.kvm.LapicRegisters;
import dev.interject.kvm.MsiMessage;

/** The gates in the IOAPIC and the LAPIC. */
final class ApicGates {

    private static final int FIXED = 0;
    private static final int LOWEST_PRIORITY = 1;
    private static final int BROADCAST = 0xff;
    private static final int CLASS = 0xf0;
    private static final long MESSAGE_WINDOW = 0xfee00000L;
    private static final long MESSAGE_WINDOW_MASK = 0xfff00000L;

    private ApicGates() {}

    static void addIoapic(List<Gate> gates, Redirection entry, GuestState state, int pin) {
        LapicRegisters lapic = state.lapic().orElseThrow();
        String place = "IOAPIC, pin " + pin;
        String evidence = "0x%016x".formatted(entry.bits());
        gates.add(entry.isMasked()
                ? Gate.holds(place, evidence, "masked; an edge is forgotten, a level asks as long as it is high")
                : Gate.open(place, evidence, "not masked; sends vector 0x%02x".formatted(entry.vector())));
        CpuGates.addVector(gates, entry.vector());
        gates.add(entry.deliveryMode() == FIXED || entry.deliveryMode() == LOWEST_PRIORITY
                ? Gate.open(place + ", mode", entry.deliveryMode() == FIXED ? "fixed" : "lowest priority",
                        "an ordinary interrupt")
                : Gate.breaks(place + ", mode", "delivery mode " + entry.deliveryMode(),
                        "not an ordinary interrupt: SMI, NMI, INIT and ExtINT are for firmware"));
        if (entry.isLevel()) {
            gates.add(entry.remoteIrr() && !lapic.isRequested(entry.vector()) // else it is that one that waits
                    ? Gate.holds(place + ", remote IRR", "1", "the last one was accepted and its EOI has not come")
                    : Gate.open(place + ", remote IRR", entry.remoteIrr() ? "1" : "0", "no EOI is owed"));
        }
        if (entry.isLogical()) {
            addLogical(gates, place, entry.destination());
        } else {
            addDestination(gates, place, entry.destination(), state);
        }
    }

    static void addMessage(List<Gate> gates, MsiMessage message, GuestState state) {
        boolean toLapic = (message.address() & MESSAGE_WINDOW_MASK) == (MESSAGE_WINDOW & MESSAGE_WINDOW_MASK);
        gates.add(toLapic
                ? Gate.open("message, address", "0x%08x".formatted(message.address()), "an address of the LAPICs")
                : Gate.breaks("message, address", "0x%08x".formatted(message.address()),
                        "messages go to 0xfee00000 to 0xfeefffff; the kernel ignores others without an error"));
        if (toLapic && message.isLogical()) {
            addLogical(gates, "message", message.destination());
        } else if (toLapic) {
            addDestination(gates, "message", message.destination(), state);
        }
        CpuGates.addVector(gates, message.vector());
    }

    private static void addLogical(List<Gate> gates, String place, int destination) {
        gates.add(Gate.breaks(place + ", destination", "logical, 0x%02x".formatted(destination),
                "Interject addresses a LAPIC by its APIC ID only (physical destination mode)"));
    }

    /** @param state of the vCPU that the interrupt is for */
    static void addDestination(List<Gate> gates, String place, int apicId, GuestState state) {
        String evidence = "APIC ID " + apicId;
        place += ", destination";
        if (apicId == state.vcpu() || apicId == BROADCAST && state.vcpus() == 1) {
            gates.add(Gate.open(place, evidence,
                    state.vcpus() == 1 ? "the one vCPU of this machine" : "vCPU " + state.vcpu()));
        } else if (apicId == BROADCAST) {
            gates.add(Gate.breaks(place, evidence, "a broadcast: all %d vCPUs would take it".formatted(state.vcpus())));
        } else if (apicId < state.vcpus()) {
            gates.add(Gate.breaks(place, evidence, "another vCPU than the one looked at, %d".formatted(state.vcpu())));
        } else {
            gates.add(Gate.breaks(place, evidence, "no vCPU of this machine has that APIC ID"));
        }
    }

    /** @return the vector that the guest has given its timer */
    static int addTimer(List<Gate> gates, LapicRegisters lapic) {
        int vector = lapic.timerVector();
        String evidence = "0x%05x".formatted(lapic.timer());
        gates.add(lapic.isTimerMasked()
                ? Gate.holds("LAPIC, LVT timer", evidence, "masked: its ticks go nowhere")
                : Gate.open("LAPIC, LVT timer", evidence, "%s, vector 0x%02x".formatted(lapic.timerMode(), vector)));
        CpuGates.addVector(gates, vector);
        return vector;
    }

    static void addLapic(List<Gate> gates, LapicRegisters lapic, int vector) {
        gates.add(lapic.isSoftwareEnabled()
                ? Gate.open("LAPIC, SVR", "enabled", "the LAPIC takes interrupts")
                : Gate.holds("LAPIC, SVR", "disabled",
                        "the guest has not enabled its LAPIC: it ignores the interrupt"));
        int priority = lapic.taskPriority();
        gates.add((vector & CLASS) > (priority & CLASS)
                ? Gate.open("LAPIC, TPR", "0x%02x".formatted(priority), "lower than the vector's class")
                : Gate.holds("LAPIC, TPR", "0x%02x".formatted(priority), "the vector's class is not above the TPR's"));
        int inService = lapic.highestInService();
        boolean blocked = inService >= 0 && (inService & CLASS) >= (vector & CLASS);
        gates.add(blocked
                ? Gate.holds("LAPIC, ISR", "0x%02x".formatted(inService),
                        "its class is not below the vector's: no EOI yet")
                : Gate.open("LAPIC, ISR", inService < 0 ? "empty" : "0x%02x".formatted(inService),
                        "nothing of the same or a higher class is in service"));
    }

    /** The 8259s' INT reaches the CPU through the LAPIC's LINT0 pin. */
    static void addLint0(List<Gate> gates, LapicRegisters lapic) {
        String evidence = "0x%05x".formatted(lapic.lint0());
        gates.add(lapic.letsPicThrough()
                ? Gate.open("LAPIC, LVT0", evidence, "ExtINT, not masked: the 8259s' INT comes through")
                : Gate.holds("LAPIC, LVT0", evidence, "masked, or not ExtINT: the 8259s' INT stops here"));
    }

    /** Last: where one waits behind a gate before this, that gate is the reason, not the one that waits. */
    static void addRequested(List<Gate> gates, LapicRegisters lapic, int vector) {
        gates.add(lapic.isRequested(vector)
                ? Gate.holds("LAPIC, IRR", "bit 0x%02x set".formatted(vector), "one waits already: this one coalesces")
                : Gate.open("LAPIC, IRR", "bit 0x%02x clear".formatted(vector), "none of this vector waits"));
    }
}
