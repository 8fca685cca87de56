package dev.interject.interrupt.route;

import java.util.Optional;

import dev.interject.device.PicState;
import dev.interject.kvm.state.LapicRegisters;

/**
 * What is pending at a vCPU while it is stopped, for controllers that do not report what happened to an interrupt.
 *
 * @param lapic  its LAPIC, where that is in the kernel
 * @param master the master 8259
 * @param slave  the slave 8259
 * @param nmis   how many non-maskable interrupts are pending
 */
public record Pending(Optional<LapicRegisters> lapic, PicState master, PicState slave, int nmis) {

    private static final int LINES_A_CHIP = 8;

    /** Whether the vector is in the IRR of its LAPIC. */
    public boolean isRequested(int vector) {
        return lapic.map(registers -> registers.isRequested(vector)).orElse(false);
    }

    /** Whether the line is in the IRR of its 8259 and would arrive at this vector. */
    public boolean isLatched(int line, int vector) {
        PicState chip = line < LINES_A_CHIP ? master : slave;
        int level = line % LINES_A_CHIP;
        return chip.irqBase() + level == vector && (chip.irr() & 1 << level) != 0;
    }

    /**
     * What was pending before and after a burst of injections.
     */
    public record Change(Pending before, Pending after) {}
}
