package dev.interject.interrupt;

import java.util.List;

import dev.interject.device.PicState;

/** The gates in the two 8259s, wherever these live. */
final class PicGates {

    private static final int CASCADE_LINE = 2;
    private static final int LAST_LEVEL = 7;

    private PicGates() {}

    static String chipName(int line) {
        return line < 8 ? "master" : "slave";
    }

    static void add(List<Gate> gates, GuestState state, int line) {
        int vector = state.vectorOf(line);
        if (line == CASCADE_LINE) {
            gates.add(Gate.breaks("master 8259, cascade", "line 2",
                    "the slave answers for this line, and without a request of its own with a spurious IRQ 15"));
        }
        PicState chip = state.chip(line);
        String name = chipName(line) + " 8259";
        int bit = 1 << (line & 7);
        gates.add(vector < CpuGates.FIRST_FREE_VECTOR
                ? Gate.breaks(name + ", vector base", "base 0x%02x, vector 0x%02x".formatted(chip.irqBase(), vector),
                        "the guest has not programmed the PIC (ICW2): the interrupt would arrive as a CPU exception")
                : Gate.open(name + ", vector base", "base 0x%02x".formatted(chip.irqBase()),
                        "line %d arrives at vector 0x%02x".formatted(line, vector)));
        addMask(gates, name, chip, bit, "line " + line);
        addPriority(gates, name, state, chip, line & 7);
        if (line > 7) {
            addMask(gates, "master 8259, cascade", state.master(), 1 << CASCADE_LINE, "the slave");
            addPriority(gates, "master 8259, cascade", state, state.master(), CASCADE_LINE);
        }
    }

    /** A handler of IRQ 7 or 15 asks the chip first whether anything is in service, and takes nothing for spurious. */
    static void addSpurious(List<Gate> gates, GuestState state, int vector) {
        for (PicState chip : List.of(state.master(), state.slave())) {
            if (chip.irqBase() >= CpuGates.FIRST_FREE_VECTOR && vector == chip.irqBase() + LAST_LEVEL
                    && (chip.isr() & 1 << LAST_LEVEL) == 0) {
                gates.add(Gate.breaks("8259, level 7", "vector 0x%02x, ISR 0x%02x".formatted(vector, chip.isr()),
                        "the 8259 has no such interrupt in service, so the handler takes it for a spurious one"));
            }
        }
    }

    private static void addMask(List<Gate> gates, String name, PicState chip, int bit, String what) {
        String evidence = "IMR 0x%02x".formatted(chip.imr());
        gates.add((chip.imr() & bit) != 0
                ? Gate.holds(name + ", IMR", evidence, "the guest has masked " + what)
                : Gate.open(name + ", IMR", evidence, what + " is not masked"));
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
        if (chip.specialFullyNested() && chip == state.master()) { // the slave may interrupt its own handler
            inService &= ~(1 << CASCADE_LINE);
        }
        boolean blocked = false;
        for (int other = 0; other < 8; other++) {
            boolean higherOrSame = rank(chip, other) <= rank(chip, level);
            blocked |= (inService & 1 << other) != 0 && higherOrSame;
        }
        gates.add(blocked
                ? Gate.holds(name + ", ISR", evidence,
                        "a level of the same or higher priority is in service: no EOI yet")
                : Gate.open(name + ", ISR", evidence, "nothing of the same or higher priority is in service"));
    }

    private static int rank(PicState chip, int level) {
        return level - chip.priorityAdd() & 7;
    }
}
