package dev.interject.experiment;

import dev.interject.interrupt.GuestState;
import dev.interject.machine.Machine;

/**
 * Where a guest stands.
 *
 * @param rip           the instruction pointer
 * @param symbol        the same as symbol and offset; empty outside the image
 * @param interruptFlag RFLAGS.IF
 * @param halted        it sleeps in HLT
 */
public record Standing(long rip, String symbol, boolean interruptFlag, boolean halted) {

    static Standing of(GuestState state, Machine machine) {
        long linear = state.special().cs().base() + state.registers().rip();
        return new Standing(state.registers().rip(), machine.symbolAt(linear), state.registers().interruptFlag(),
                state.halted());
    }

    @Override
    public String toString() {
        return "RIP 0x%x%s, IF=%d%s".formatted(rip, symbol.isEmpty() ? "" : " (" + symbol + ")", interruptFlag ? 1 : 0,
                halted ? ", halted" : "");
    }
}
