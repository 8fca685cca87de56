package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;

/** The gates in the two 8259s, wherever these live. */
final class PicGates {

    private static final int CASCADE_LINE = 2;
    private static final int LAST_LEVEL = 7;
    private static final int MASTER_DATA_PORT = 0x21;
    private static final int SLAVE_DATA_PORT = 0xa1;

    private PicGates() {}

    static String chipName(int line) {
        return line < 8 ? "master" : "slave";
    }

    /** @param trigger how the line is driven: a pulse, or high until the handler has spoken */
    static void add(List<Gate> gates, GuestState state, int line, Trigger trigger) {
        PicState chip = state.controllers().chip(line);
        String name = chipName(line) + " 8259";
        if (line == CASCADE_LINE) {
            gates.add(Gate.breaks(GateKind.CASCADE, "master 8259, cascade", "line 2",
                    "the slave answers for this line, and without a request of its own with a spurious IRQ 15",
                    "take another line: this pin belongs to the slave"));
        }
        if (chip.autoEoi() && (line & LAST_LEVEL) == LAST_LEVEL) {
            gates.add(Gate.breaks(GateKind.SPURIOUS, name + ", level 7", "automatic EOI",
                    "nothing is left in the ISR, by which a handler of level 7 tells it from a spurious one",
                    "have the guest clear the AEOI bit of ICW4, or take another line"));
        }
        addBase(gates, name, chip, state.controllers().vectorOf(line), line);
        addWire(gates, name, chip, line, trigger);
        addMask(gates, name, chip, line & 7, "line " + line, line < 8 ? MASTER_DATA_PORT : SLAVE_DATA_PORT);
        addPriority(gates, name, state, chip, line & 7);
        if (line > 7) {
            addMask(gates, "master 8259, cascade", state.controllers().master(), CASCADE_LINE, "the slave",
                    MASTER_DATA_PORT);
            addPriority(gates, "master 8259, cascade", state, state.controllers().master(), CASCADE_LINE);
        }
    }

    private static void addBase(List<Gate> gates, String name, PicState chip, int vector, int line) {
        gates.add(vector < CpuGates.FIRST_FREE_VECTOR
                ? Gate.breaks(GateKind.PIC_BASE, name + ", vector base",
                        "base 0x%02x, vector 0x%02x".formatted(chip.irqBase(), vector),
                        "the guest has not programmed the PIC (ICW2): the interrupt would arrive as a CPU exception",
                        "have the guest send ICW1 to ICW4, with a vector base of 0x20 or more in ICW2")
                : Gate.open(GateKind.PIC_BASE, name + ", vector base", "base 0x%02x".formatted(chip.irqBase()),
                        "line %d arrives at vector 0x%02x".formatted(line, vector)));
    }

    private static void addWire(List<Gate> gates, String name, PicState chip, int line, Trigger trigger) {
        int bit = 1 << (line & 7);
        boolean level = (chip.elcr() & bit) != 0;
        boolean high = (chip.lastIrr() & bit) != 0;
        String evidence = "ELCR %s, line %s".formatted(level ? "level" : "edge", high ? "high" : "low");
        String place = name + ", wire";
        if (!level && high) {
            gates.add(Gate.drops(GateKind.WIRE, place, evidence,
                    "the line is high already, and an edge-triggered input sees only a rise from low",
                    "lower the line first: a pulse is high, then low"));
        } else if (level && trigger == Trigger.EDGE) {
            gates.add(Gate.of(line < 8 ? Verdict.DROPS : Verdict.MISROUTED, GateKind.WIRE, place, evidence,
                    "a level-triggered input asks only as long as the line is high, and a pulse is over at once"
                            + (line < 8 ? ""
                                    : "; the master has seen the slave's request, and finds it spurious (IRQ 15)"),
                    "hold the line until the handler has spoken: --trigger level"));
        } else {
            gates.add(Gate.open(GateKind.WIRE, place, evidence,
                    level ? "it asks as long as the line is high" : "the rise from low is an edge"));
        }
    }

    /** Last: where one waits behind a gate before this, that gate is the reason, not the one that waits. */
    static void addRequested(List<Gate> gates, GuestState state, int line) {
        PicState chip = state.controllers().chip(line);
        String name = chipName(line) + " 8259";
        boolean requested = (chip.irr() & 1 << (line & 7)) != 0;
        String evidence = "IRR 0x%02x".formatted(chip.irr());
        gates.add(requested
                ? Gate.of(Verdict.COALESCES, GateKind.PIC_IRR, name + ", IRR", evidence,
                        "line %d asks already, and one bit is all that is kept".formatted(line),
                        "wait until the one before has been taken")
                : Gate.open(GateKind.PIC_IRR, name + ", IRR", evidence, "line %d does not ask yet".formatted(line)));
    }

    private static void addMask(List<Gate> gates, String name, PicState chip, int level, String what, int port) {
        String evidence = "IMR 0x%02x".formatted(chip.imr());
        gates.add((chip.imr() & 1 << level) != 0
                ? Gate.holds(GateKind.PIC_IMR, name + ", IMR", evidence, "the guest has masked " + what,
                        "have the guest clear bit %d of the IMR (OCW1, port 0x%02x)".formatted(level, port))
                : Gate.open(GateKind.PIC_IMR, name + ", IMR", evidence, what + " is not masked"));
    }

    /**
     * A level in service holds itself and every lower priority until its EOI (8259A data sheet, "fully nested mode").
     */
    private static void addPriority(List<Gate> gates, String name, GuestState state, PicState chip, int level) {
        String evidence = "ISR 0x%02x".formatted(chip.isr());
        int inService = chip.isr();
        if (chip.specialMask() && state.irqchip() != Irqchip.KERNEL) { // KVM's own only keeps the bit
            inService &= ~chip.imr();
        }
        if (chip.specialFullyNested() && chip == state.controllers().master()) {
            // the slave may interrupt its own handler
            inService &= ~(1 << CASCADE_LINE);
        }
        int holding = -1;
        for (int rank = rank(chip, level); rank >= 0; rank--) {
            int other = rank + chip.priorityAdd() & 7;
            holding = (inService & 1 << other) != 0 ? other : holding;
        }
        gates.add(holding < 0
                ? Gate.open(GateKind.PIC_ISR, name + ", ISR", evidence,
                        "nothing of the same or higher priority is in service")
                : Gate.holds(GateKind.PIC_ISR, name + ", ISR", evidence,
                        "a level of the same or higher priority is in service: no EOI yet",
                        "have the handler of level %d send its EOI (OCW2 0x20)%s".formatted(holding,
                                chip == state.controllers().slave() ? ", to both 8259s" : "")));
    }

    /** A handler of IRQ 7 or 15 asks the chip first whether anything is in service, and takes nothing for spurious. */
    static void addSpurious(List<Gate> gates, GuestState state, int vector) {
        for (PicState chip : List.of(state.controllers().master(), state.controllers().slave())) {
            if (chip.irqBase() >= CpuGates.FIRST_FREE_VECTOR && vector == chip.irqBase() + LAST_LEVEL
                    && (chip.isr() & 1 << LAST_LEVEL) == 0) {
                gates.add(Gate.breaks(GateKind.SPURIOUS, "8259, level 7",
                        "vector 0x%02x, ISR 0x%02x".formatted(vector, chip.isr()),
                        "the 8259 has no such interrupt in service, so the handler takes it for a spurious one",
                        "take another vector, or pull the line"));
            }
        }
    }

    /** 0 for the highest priority, 7 for the lowest. */
    private static int rank(PicState chip, int level) {
        return level - chip.priorityAdd() & 7;
    }
}
