package dev.interject.interrupt.delivery;

import java.util.List;
import java.util.Optional;

/** What an entry of the interrupt table is (Intel SDM vol. 3A, "IDT Descriptors", "System Descriptor Types"). */
public enum GateType {
    /** An entry of the table of real mode. */
    REAL_MODE(-1, 2, true),
    TASK(0x5, 0, false),
    INTERRUPT_16(0x6, 2, true),
    TRAP_16(0x7, 2, false),
    /** 64-bit in long mode. */
    INTERRUPT(0xe, 4, true),
    TRAP(0xf, 4, false);

    private static final List<GateType> ALL = List.of(values());

    private final int type;
    private final int wordBytes;
    private final boolean clearsIf;

    GateType(int type, int wordBytes, boolean clearsIf) {
        this.type = type;
        this.wordBytes = wordBytes;
        this.clearsIf = clearsIf;
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

    /** Whether the handler starts with IF = 0. */
    public boolean clearsInterruptFlag() {
        return clearsIf;
    }
}
