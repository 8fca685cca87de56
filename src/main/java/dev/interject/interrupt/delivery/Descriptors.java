package dev.interject.interrupt.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Segment;

/**
 * The segment descriptors of a vCPU's GDT and LDT (Intel SDM vol. 3A, "Segment Descriptors").
 *
 * @param external what an error code begins with: {@link CpuFault#EXTERNAL} during the delivery of an event, else 0
 */
public record Descriptors(CpuState cpu, int external) {

    static final int RING = 3;

    private static final int BYTES = 8;
    private static final int IN_LDT = 1 << 2;
    private static final VarHandle DESCRIPTOR =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ACCESS_SHIFT = 40;
    private static final int ATTRIBUTES_SHIFT = 48;
    private static final long LOW_LIMIT = 0xffffL;
    private static final int LOW_BASE_SHIFT = 16;
    private static final long LOW_BASE = 0xffffffL;
    private static final int HIGH_BASE_SHIFT = 56;
    private static final int HIGH_BASE_AT = 24;
    private static final int PRESENT = 1 << 7;
    private static final int CODE_OR_DATA = 1 << 4;
    private static final int DPL_SHIFT = 5;
    private static final int TYPE = 0xf;
    private static final int LONG = 1 << 5;
    private static final int DEFAULT_32 = 1 << 6;
    private static final int GRANULARITY = 1 << 7;
    private static final int PAGE_SHIFT = 12;

    private static final int CODE = 1 << 3;
    private static final int CONFORMING_OR_DOWN = 1 << 2;
    private static final int WRITABLE = 1 << 1;

    /** Whether a selector is null (Intel SDM vol. 3A, "Segment Selectors"). */
    static boolean isNull(int selector) {
        return (selector & ~RING) == 0;
    }

    /** Whether it is a code segment. */
    static boolean isCode(Segment segment) {
        return segment.system() && (segment.type() & CODE) != 0;
    }

    /** Whether a code segment runs in the ring of its caller. */
    static boolean isConforming(Segment segment) {
        return (segment.type() & CONFORMING_OR_DOWN) != 0;
    }

    /** Whether it is a data segment that can be written. */
    static boolean isWritableData(Segment segment) {
        return segment.system() && (segment.type() & (CODE | WRITABLE)) == WRITABLE;
    }

    /** Whether a data segment's valid offsets are those above its limit. */
    static boolean expandsDown(Segment segment) {
        return (segment.type() & CONFORMING_OR_DOWN) != 0;
    }

    /** What the CPU raises where a selector leads to no descriptor. */
    Optional<Failure> missing(int selector, int exception) {
        boolean inLdt = (selector & IN_LDT) != 0;
        if (inLdt && (cpu.special().ldt().unusable() || !cpu.special().ldt().present())) {
            return fault(exception, selector, "there is no LDT");
        }
        long limit = Integer.toUnsignedLong(inLdt ? cpu.special().ldt().limit() : cpu.special().gdt().limit());
        String table = inLdt ? "LDT" : "GDT";
        int end = (selector & -BYTES) + BYTES;
        if (end - 1 > limit) {
            return fault(exception, selector, "the %s ends before this selector".formatted(table));
        }
        if (end > bytes(selector).length && cpu.lacks(inLdt ? Piece.LDT : Piece.GDT)) {
            return Optional.of(new Failure.Unknown(inLdt ? Piece.LDT : Piece.GDT));
        }
        return end <= bytes(selector).length ? Optional.empty()
                : Optional.of(new Memory(cpu).failureOfRead(base(inLdt) + bytes(selector).length,
                        "the %s cannot be read".formatted(table)));
    }

    private Optional<Failure> fault(int exception, int selector, String reason) {
        return Optional.of(CpuFault.ofSelector(exception, selector, external, reason));
    }

    private long base(boolean inLdt) {
        return inLdt ? cpu.special().ldt().base() : cpu.special().gdt().base();
    }

    private byte[] bytes(int selector) {
        return (selector & IN_LDT) != 0 ? cpu.tables().ldt() : cpu.tables().gdt();
    }

    private long raw(int selector) {
        return (long) DESCRIPTOR.get(bytes(selector), selector & -BYTES);
    }

    /** The descriptor of a selector that is not {@link #missing}, as the CPU loads it. */
    Segment at(int selector) {
        long raw = raw(selector);
        int access = (int) (raw >>> ACCESS_SHIFT);
        int attributes = (int) (raw >>> ATTRIBUTES_SHIFT);
        boolean isGranular = (attributes & GRANULARITY) != 0;
        int limit = (int) (raw & LOW_LIMIT) | (attributes & TYPE) << Short.SIZE;
        long base = raw >>> LOW_BASE_SHIFT & LOW_BASE | (raw >>> HIGH_BASE_SHIFT) << HIGH_BASE_AT;
        return new Segment(base, isGranular ? limit << PAGE_SHIFT | (1 << PAGE_SHIFT) - 1 : limit, selector,
                access & TYPE, (access & PRESENT) != 0, access >> DPL_SHIFT & RING, (attributes & DEFAULT_32) != 0,
                (access & CODE_OR_DATA) != 0, (attributes & LONG) != 0, isGranular, false);
    }

    /** The linear address that a segment of these tables begins at; 0 if a selector leads to none. */
    public long baseOf(int selector) {
        return isNull(selector) || missing(selector, 0).isPresent() ? 0 : at(selector).base();
    }

    /** The selector and its descriptor, as text. */
    String evidence(int selector) {
        if ((selector & IN_LDT) != 0 && missing(selector, 0).isPresent()) {
            return "selector 0x%02x, in the LDT".formatted(selector);
        }
        return isNull(selector) || missing(selector, 0).isPresent()
                ? "selector 0x%02x, GDT limit 0x%x".formatted(selector, cpu.special().gdt().limit())
                : "0x%02x: 0x%016x".formatted(selector, raw(selector));
    }
}
