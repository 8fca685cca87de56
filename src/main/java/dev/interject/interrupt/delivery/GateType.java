package dev.interject.interrupt.delivery;

import java.util.List;
import java.util.Optional;

/** What an entry of the interrupt table is (Intel SDM vol. 3A, "IDT Descriptors", "System Descriptor Types"). */
public enum GateType {
    /** An entry of the table of real mode. */
    REAL_MODE(-1, 2, false),
    TASK(0x5, 0, false),
    INTERRUPT_16(0x6, 2, false),
    TRAP_16(0x7, 2, true),
    /** 64-bit in long mode. */
    INTERRUPT(0xe, 4, false),
    TRAP(0xf, 4, true);

    private static final List<GateType> ALL = List.of(values());

    private final int type;
    private final int wordBytes;
    private final boolean keepsIf;

    GateType(int type, int wordBytes, boolean keepsIf) {
        this.type = type;
        this.wordBytes = wordBytes;
        this.keepsIf = keepsIf;
    }

    /** @param type bits 4:0 of a descriptor's byte 5, with the S bit */
    static Optional<GateType> of(int type, CpuMode mode) {
        for (GateType gate : ALL) {
            if (gate.type == type && (mode != CpuMode.LONG || gate == INTERRUPT || gate == TRAP)) {
                return Optional.of(gate);
            }
        }
        return Optional.empty();
    }

    /** The size of each value that it pushes outside long mode. */
    int wordBytes() {
        return wordBytes;
    }

    /** Whether the handler starts with the IF of what is interrupted; a task has its own. */
    public boolean keepsInterruptFlag() {
        return keepsIf;
    }
}
