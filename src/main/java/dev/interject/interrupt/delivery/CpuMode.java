package dev.interject.interrupt.delivery;

import java.util.Locale;
import java.util.Optional;

import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;

/** A mode of the CPU, as far as it determines how an event is delivered. */
public enum CpuMode {
    /** CR0.PE is clear: an interrupt vector table (Intel SDM vol. 3B, "Interrupt and Exception Handling", 8086). */
    REAL(4),
    /** EFLAGS.VM is set (Intel SDM vol. 3B, "Interrupt and Exception Handling in Virtual-8086 Mode"). */
    VIRTUAL_8086(8),
    /** Protected mode without IA32_EFER.LMA, with segments of 16 or 32 bits. */
    PROTECTED(8),
    /** IA32_EFER.LMA is set; compatibility mode, too (Intel SDM vol. 3A, "64-Bit Mode IDT"). */
    LONG(16);

    private static final long VM = 1 << 17;

    private final int entryBytes;

    CpuMode(int entryBytes) {
        this.entryBytes = entryBytes;
    }

    /** The mode of a vCPU. */
    public static CpuMode of(SpecialRegisters special, Registers registers) {
        if (special.inRealMode()) {
            return REAL;
        }
        return special.inLongMode() ? LONG : (registers.rflags() & VM) != 0 ? VIRTUAL_8086 : PROTECTED;
    }

    /** What of a vCPU its mode depends on and is not known; empty if the mode is known. */
    public static Optional<Piece> unknownPiece(CpuState cpu) {
        boolean dependsOnFlags = !cpu.special().inRealMode() && !cpu.special().inLongMode();
        return cpu.lacks(Piece.SPECIAL_REGISTERS) ? Optional.of(Piece.SPECIAL_REGISTERS)
                : dependsOnFlags && cpu.lacks(Piece.FLAGS) ? Optional.of(Piece.FLAGS) : Optional.empty();
    }

    /** The name used in text and JSON. */
    public String label() {
        return this == VIRTUAL_8086 ? "virtual-8086" : name().toLowerCase(Locale.ROOT);
    }

    /** The size of an entry of the interrupt table. */
    public int entryBytes() {
        return entryBytes;
    }

    /** Whether exceptions have error codes. */
    boolean hasErrorCodes() {
        return this != REAL;
    }
}
