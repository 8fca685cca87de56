package dev.interject.guest.boot;

import java.util.List;

import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * The boot vCPU at its first instruction.
 *
 * @param entry     guest-physical address of that instruction
 * @param registers what the boot protocol passes in registers; RIP is that of the entry
 */
public record StartState(BootMode mode, long entry, BootTables tables, Registers registers) {

    /** All general-purpose registers zero, RFLAGS.IF clear. */
    StartState(BootMode mode, long entry, BootTables tables) {
        this(mode, entry, tables, Registers.startingAt(mode.instructionPointer(entry)));
    }

    /** The state of a guest with a fixed layout; the tables that the mode needs go into {@code parts}. */
    public static StartState at(BootMode mode, long entry, BootTables.Layout layout, List<Part> parts) {
        return new StartState(mode, entry, layout.tables(mode, parts));
    }

    /** @param reset the special registers of a new vCPU */
    public SpecialRegisters specialRegisters(SpecialRegisters reset) {
        return mode.registers(reset, tables, entry);
    }
}
