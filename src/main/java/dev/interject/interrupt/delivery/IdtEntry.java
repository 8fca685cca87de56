package dev.interject.interrupt.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;

/**
 * A vector's entry in the guest's interrupt table (Intel SDM vol. 3A, "IDT Descriptors"; vol. 2A, "INT n"; for real
 * mode, vol. 3B, "8086 Emulation").
 *
 * @param evidence   the entry, as text
 * @param rule       why the CPU does not get past it by a rule that some hosts do not follow: see {@link StepKind}
 * @param failure    why the CPU does not get past it by another rule
 * @param type       what it is; {@code INTERRUPT} if it is not usable
 * @param selector   the handler's code segment, or a task gate's TSS; 0 if the entry is not usable
 * @param handler    the handler's offset in it
 * @param stackTable its stack in the TSS (IST, 1–7), or 0 for the current stack; only in long mode
 */
public record IdtEntry(String evidence, Optional<Failure> rule, Optional<Failure> failure, GateType type,
        int selector, long handler, int stackTable) {

    private static final int PRESENT = 1 << 7;
    private static final int TYPE = 0x1f;
    private static final int IST = 7;

    private static IdtEntry unusable(String evidence, Failure failure) {
        return new IdtEntry(evidence, Optional.empty(), Optional.of(failure), GateType.INTERRUPT, 0, 0, 0);
    }

    private static IdtEntry unknown(Piece piece) {
        return unusable("not known", new Failure.Unknown(piece));
    }

    /** @param vector 0–255 */
    public static IdtEntry of(CpuState cpu, int vector) {
        Optional<Piece> unknown = CpuMode.unknownPiece(cpu);
        if (unknown.isPresent()) {
            return unknown(unknown.get());
        }
        CpuMode mode = CpuMode.of(cpu.special(), cpu.registers());
        int size = mode.entryBytes();
        int limit = cpu.special().idt().limit();
        int last = vector * size + size - 1;
        Optional<Failure> beyond = last <= limit ? Optional.empty()
                : Optional.of(fault(mode, CpuException.GENERAL_PROTECTION, vector,
                        "the table ends before this vector"));
        if (beyond.isPresent() && mode != CpuMode.REAL) {
            return unusable(beyondLimit(limit, vector, last), beyond.get());
        }
        if (last >= cpu.tables().idt().length && cpu.lacks(Piece.IDT)) {
            return unknown(Piece.IDT);
        }
        if (last >= cpu.tables().idt().length) {
            String evidence = "base 0x%x is not mapped that far".formatted(cpu.special().idt().base());
            return unusable(evidence, new Memory(cpu).failureOfRead(
                    cpu.special().idt().base() + cpu.tables().idt().length, "the table cannot be read"));
        }
        ByteBuffer entry = ByteBuffer.wrap(cpu.tables().idt(), vector * size, size)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        if (mode != CpuMode.REAL) {
            return gate(entry, vector, mode);
        }
        IdtEntry real = realMode(entry, vector);
        return beyond.isEmpty() ? real
                : new IdtEntry(beyondLimit(limit, vector, last), beyond, real.failure(), GateType.REAL_MODE,
                        real.selector(), real.handler(), 0);
    }

    private static String beyondLimit(int limit, int vector, int last) {
        return "limit 0x%x, vector 0x%02x ends at 0x%x".formatted(limit, vector, last);
    }

    private static IdtEntry realMode(ByteBuffer entry, int vector) {
        int offset = Short.toUnsignedInt(entry.getShort(0));
        int segment = Short.toUnsignedInt(entry.getShort(2));
        String evidence = "IVT[0x%02x] = %04x:%04x".formatted(vector, segment, offset);
        return offset == 0 && segment == 0
                ? unusable(evidence,
                        new Failure.NoException("the entry is null: the CPU would execute the IVT as code"))
                : new IdtEntry(evidence, Optional.empty(), Optional.empty(), GateType.REAL_MODE, segment, offset, 0);
    }

    private static IdtEntry gate(ByteBuffer entry, int vector, CpuMode mode) {
        int access = Byte.toUnsignedInt(entry.get(5));
        int selector = Short.toUnsignedInt(entry.getShort(2));
        Optional<GateType> known = GateType.of(access & TYPE, mode);
        Optional<Failure> noGate = known.isPresent() ? Optional.empty()
                : Optional.of(fault(mode, CpuException.GENERAL_PROTECTION, vector, "the entry is not a gate"));
        Optional<Failure> absent = (access & PRESENT) != 0 ? Optional.empty()
                : Optional.of(fault(mode, CpuException.SEGMENT_NOT_PRESENT, vector, "the gate is not present"));
        GateType type = known.orElse(GateType.INTERRUPT);
        long low = Short.toUnsignedLong(entry.getShort(0));
        long offset = switch (type) {
            case REAL_MODE, INTERRUPT_16, TRAP_16 -> low;
            case TASK -> 0;
            case INTERRUPT, TRAP -> low | Short.toUnsignedLong(entry.getShort(6)) << Short.SIZE
                    | (mode == CpuMode.LONG ? Integer.toUnsignedLong(entry.getInt(8)) << Integer.SIZE : 0);
        };
        String evidence = noGate.isPresent() ? "type 0x%x".formatted(access & TYPE)
                : absent.isPresent() ? "P = 0" : evidence(type, selector, offset);
        return new IdtEntry(evidence, noGate, absent, type, selector, offset,
                mode == CpuMode.LONG ? entry.get(4) & IST : 0);
    }

    private static String evidence(GateType type, int selector, long offset) {
        return switch (type) {
            case REAL_MODE, INTERRUPT, TRAP -> "gate to %02x:0x%x".formatted(selector, offset);
            case INTERRUPT_16, TRAP_16 -> "16-bit gate to %02x:0x%x".formatted(selector, offset);
            case TASK -> "task gate to TSS %02x".formatted(selector);
        };
    }

    private static CpuFault fault(CpuMode mode, int exception, int vector, String reason) {
        return mode.hasErrorCodes() ? CpuFault.ofEntry(exception, vector, reason)
                : CpuFault.withoutCode(exception, reason);
    }

    /** Why the CPU does not get past it by the manuals. */
    public Optional<Failure> problem() {
        return rule.or(() -> failure);
    }

    /** Whether the CPU can use it. */
    public boolean isUsable() {
        return problem().isEmpty();
    }
}
