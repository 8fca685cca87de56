package dev.interject.interrupt.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * A vector's entry in the guest's interrupt table (Intel SDM vol. 3, "Interrupt and Exception Handling"; for real
 * mode, "8086 Emulation").
 *
 * @param evidence the entry, as text
 * @param fault    what the CPU would do instead of entering the handler, or null if the entry is usable
 * @param selector the handler's code segment; 0 if the entry is not usable
 * @param handler  the handler's offset in it
 * @param stackTable its stack in the TSS (IST, 1–7), or 0 for the current stack; only in long mode
 */
public record IdtEntry(String evidence, String fault, int selector, long handler, int stackTable) {

    private static final int LONG_BYTES = 16;
    private static final int PROTECTED_BYTES = 8;
    private static final int REAL_BYTES = 4;

    private static final int PRESENT = 1 << 7;
    private static final int TYPE = 0x1f;
    private static final int INTERRUPT_GATE = 0x0e;
    private static final int TRAP_GATE = 0x0f;
    private static final int TASK_GATE = 0x05;
    private static final int INTERRUPT_GATE_16 = 0x06;
    private static final int TRAP_GATE_16 = 0x07;

    private static final int IST = 7;
    private static final String NO_GATE = "#GP: the entry is not a gate";

    private static IdtEntry unusable(String evidence, String fault) {
        return new IdtEntry(evidence, fault, 0, 0, 0);
    }

    /** @param vector 0–255 */
    public static IdtEntry of(GuestState state, int vector) {
        int size =
                state.cpu().special().inLongMode() ? LONG_BYTES
                        : state.cpu().special().inRealMode() ? REAL_BYTES : PROTECTED_BYTES;
        int limit = state.cpu().special().idt().limit();
        int last = vector * size + size - 1;
        if (last > limit) {
            return unusable("limit 0x%x, vector 0x%02x ends at 0x%x".formatted(limit, vector, last),
                    "#GP: the table ends before this vector; a triple fault if #GP is beyond the end, too");
        }
        if (last >= state.cpu().tables().idt().length) {
            return unusable("base 0x%x is not mapped that far".formatted(state.cpu().special().idt().base()),
                    "#PF: the table cannot be read");
        }
        ByteBuffer entry =
                ByteBuffer.wrap(state.cpu().tables().idt(), vector * size, size).slice().order(ByteOrder.LITTLE_ENDIAN);
        return size == REAL_BYTES ? realMode(entry, vector) : gate(entry, state.cpu().special());
    }

    private static IdtEntry realMode(ByteBuffer entry, int vector) {
        int offset = Short.toUnsignedInt(entry.getShort(0));
        int segment = Short.toUnsignedInt(entry.getShort(2));
        String evidence = "IVT[0x%02x] = %04x:%04x".formatted(vector, segment, offset);
        return offset == 0 && segment == 0
                ? unusable(evidence, "the entry is null: the CPU would execute the IVT as code")
                : new IdtEntry(evidence, null, segment, offset, 0);
    }

    private static IdtEntry gate(ByteBuffer entry, SpecialRegisters special) {
        boolean longMode = special.inLongMode();
        int access = Byte.toUnsignedInt(entry.get(5));
        int selector = Short.toUnsignedInt(entry.getShort(2));
        long offset = Short.toUnsignedInt(entry.getShort(0)) | Short.toUnsignedLong(entry.getShort(6)) << 16
                | (longMode ? Integer.toUnsignedLong(entry.getInt(8)) << 32 : 0);
        int type = access & TYPE;
        boolean known = type == INTERRUPT_GATE || type == TRAP_GATE
                || !longMode && (type == TASK_GATE || type == INTERRUPT_GATE_16 || type == TRAP_GATE_16);
        if (!known) {
            return unusable("type 0x%x".formatted(type), NO_GATE);
        }
        if ((access & PRESENT) == 0) {
            return unusable("P = 0", "#NP: the gate is not present");
        }
        String evidence = "gate to %02x:0x%x".formatted(selector, offset);
        if (selector < 4) {
            return unusable(evidence, "#GP: the gate's code segment is the null selector");
        }
        return longMode && !special.isCanonical(offset)
                ? unusable(evidence, "#GP: the handler's address is not canonical")
                : new IdtEntry(evidence, null, selector, offset, longMode ? entry.get(4) & IST : 0);
    }

    /** Whether its type is not a gate. */
    boolean isNoGate() {
        return NO_GATE.equals(fault);
    }

    /** Whether the CPU can enter the handler. */
    public boolean isUsable() {
        return fault == null;
    }
}
