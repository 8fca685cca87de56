package dev.interject.experiment;

import java.util.Set;
import java.util.function.LongFunction;

import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;
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
 * @param unknown       what of the vCPU is not known
 */
public record GuestPosition(long rip, String symbol, boolean interruptFlag, boolean halted, boolean reset,
        Set<Piece> unknown) {

    /** Where a CPU starts after reset (Intel SDM vol. 3, "First Instruction Executed"). */
    private static final long RESET_VECTOR = 0xfffffff0L;

    /** The position of a vCPU of this machine. */
    public static GuestPosition of(CpuState cpu, Machine machine) {
        return of(cpu, machine::symbolAt);
    }

    /** The position of a vCPU; {@code symbols} finds the symbol of a linear address, or an empty text. */
    public static GuestPosition of(CpuState cpu, LongFunction<String> symbols) {
        boolean isKnown = !cpu.lacks(Piece.INSTRUCTION_POINTER) && !cpu.lacks(Piece.SPECIAL_REGISTERS);
        long linear = cpu.special().cs().base() + cpu.registers().rip();
        return new GuestPosition(cpu.registers().rip(), symbols.apply(linear), cpu.registers().interruptFlag(),
                cpu.halted(), isKnown && linear == RESET_VECTOR, cpu.unknown());
    }

    @Override
    public String toString() {
        if (reset) {
            return "the reset vector: the vCPU was not started, or KVM has reset it";
        }
        String at = unknown.contains(Piece.INSTRUCTION_POINTER) ? "an unknown RIP"
                : "RIP 0x%x%s".formatted(rip, symbol.isEmpty() ? "" : " (" + symbol + ")");
        String flag = unknown.contains(Piece.FLAGS) ? "?" : interruptFlag ? "1" : "0";
        return "%s, IF=%s%s".formatted(at, flag,
                unknown.contains(Piece.HALTED) ? ", halted or not" : halted ? ", halted" : "");
    }
}
