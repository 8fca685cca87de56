package dev.interject.experiment;

import dev.interject.interrupt.state.CpuState;
import dev.interject.machine.Machine;

/**
 * The instruction at which a vCPU was stopped.
 *
 * @param rip           the instruction pointer
 * @param symbol        the same as symbol and offset; empty outside the image
 * @param interruptFlag RFLAGS.IF
 * @param halted        whether it sleeps in HLT
 * @param reset         whether it is at the reset vector: it was not started, or KVM has reset it after a triple fault,
 *                      as on AMD hosts; the other values are then not the guest's
 */
public record GuestPosition(long rip, String symbol, boolean interruptFlag, boolean halted, boolean reset) {

    /** Where a CPU starts after reset (Intel SDM vol. 3, "First Instruction Executed"). */
    private static final long RESET_VECTOR = 0xfffffff0L;

    /** The position of a vCPU of this machine. */
    public static GuestPosition of(CpuState cpu, Machine machine) {
        long linear = cpu.special().cs().base() + cpu.registers().rip();
        return new GuestPosition(cpu.registers().rip(), machine.symbolAt(linear), cpu.registers().interruptFlag(),
                cpu.halted(), linear == RESET_VECTOR);
    }

    @Override
    public String toString() {
        if (reset) {
            return "the reset vector: the vCPU was not started, or KVM has reset it";
        }
        return "RIP 0x%x%s, IF=%d%s".formatted(rip, symbol.isEmpty() ? "" : " (" + symbol + ")", interruptFlag ? 1 : 0,
                halted ? ", halted" : "");
    }
}
