package dev.interject.interrupt.state;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;

/**
 * The interrupt controllers of a machine, in the kernel or in user space, as one of its vCPUs sees them.
 *
 * @param master    the master 8259
 * @param slave     the slave 8259
 * @param ioapic    the IOAPIC, if the machine has one
 * @param lapic     the vCPU's LAPIC, if it is in the kernel
 * @param deadline  IA32_TSC_DEADLINE; 0 if the LAPIC's timer is not in that mode, or not armed
 * @param pit       the PIT, if one is in the kernel
 * @param held      the vector of KVM_INTERRUPT that a LAPIC in the kernel holds until the vCPU takes it (split irqchip)
 * @param routes    the kernel's GSI routing table
 * @param linesHigh the lines that Interject holds high, line n in bit n
 */
public record ControllerState(PicState master, PicState slave, Optional<IoapicState> ioapic,
        Optional<LapicRegisters> lapic, long deadline, Optional<PitState> pit, OptionalInt held, List<GsiRoute> routes,
        int linesHigh) {

    /** How many lines one 8259 has. */
    public static final int LINES_PER_PIC = 8;

    /** The same controllers as a vCPU with this LAPIC sees them. */
    ControllerState with(Optional<LapicRegisters> other, long otherDeadline) {
        return new ControllerState(master, slave, ioapic, other, otherDeadline, pit, OptionalInt.empty(), routes,
                linesHigh);
    }

    /**
     * Whether an IOAPIC pin is high. The kernel shows it only while the pin has sent nothing; for the rest, Interject
     * knows which lines it holds.
     *
     * @param gsi the line that drives the pin
     */
    public boolean isPinHigh(int pin, int gsi) {
        boolean isHeld = gsi < Integer.SIZE && (linesHigh & 1 << gsi) != 0;
        return isHeld || ioapic.isPresent() && (ioapic.get().irr() & 1 << pin) != 0;
    }

    /** The vector of an 8259 line, 0–15: its chip's base plus the line's number there. */
    public int vectorOf(int line) {
        return chip(line).irqBase() + line % LINES_PER_PIC;
    }

    /** Whether the request of an 8259 line, 0–15, is in its chip's IRR. */
    public boolean isPending(int line) {
        return (chip(line).irr() & bit(line)) != 0;
    }

    /** Whether an 8259 line, 0–15, is in its chip's ISR: acknowledged, and without an EOI since. */
    public boolean isInService(int line) {
        return (chip(line).isr() & bit(line)) != 0;
    }

    /** The 8259 of a line, 0–15. */
    public PicState chip(int line) {
        return line < LINES_PER_PIC ? master : slave;
    }

    /** The bit of a line, 0–15, in the registers of its 8259. */
    public static int bit(int line) {
        return 1 << line % LINES_PER_PIC;
    }
}
