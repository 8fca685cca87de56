package dev.interject.interrupt.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Segment;

/**
 * The stacks of a TSS in its three formats (Intel SDM vol. 3A, "Task-State Segment (TSS)", "16-Bit Task-State Segment",
 * "TSS in 64-bit Mode").
 */
public record TaskState(CpuState cpu) {

    /** The number of stacks that a 64-bit TSS has for handlers (IST). */
    public static final int STACK_TABLES = 7;
    /** The rings for which it has stacks. */
    public static final int RINGS = 3;
    /** The offset of the first ring's stack in a TSS of 64 or 32 bits. */
    public static final int FIRST_RING = 0x04;
    /** The offset of the first stack for handlers (IST1) in a 64-bit TSS. */
    public static final int FIRST_TABLE = 0x24;

    private static final int BUSY_OR_FREE_32 = 0x9;
    private static final int FIRST_RING_16 = 2;

    /**
     * A stack in it.
     *
     * @param name such as {@code RSP0} or {@code SS0:ESP0}
     * @param at   its offset in the TSS
     * @param size of the stack pointer in bytes
     */
    record Slot(String name, int at, int size, boolean hasSegment) {

        int bytes() {
            return size + (hasSegment ? Short.BYTES : 0);
        }
    }

    /**
     * A stack that the TSS holds.
     *
     * @param name     such as {@code RSP0} or {@code SS0:ESP0}
     * @param selector of its segment; empty in long mode
     * @param pointer  its upper end
     */
    public record Stack(String name, OptionalInt selector, long pointer) {

        /** As text, such as "RSP0=0x5000". */
        @Override
        public String toString() {
            return "%s=%s0x%x".formatted(name,
                    selector.isPresent() ? "%02x:".formatted(selector.getAsInt()) : "", pointer);
        }
    }

    /** The stacks that can be read. */
    public List<Stack> stacks() {
        boolean isLong = cpu.special().inLongMode();
        return Stream.concat(IntStream.range(0, RINGS).mapToObj(this::ofRing),
                IntStream.rangeClosed(1, isLong ? STACK_TABLES : 0).mapToObj(this::ofTable))
                .filter(slot -> unreadable(slot).isEmpty())
                .map(slot -> new Stack(slot.name(),
                        slot.hasSegment() ? OptionalInt.of(selector(slot)) : OptionalInt.empty(), pointer(slot)))
                .toList();
    }

    /** A slot that can be read, as text. */
    String text(Slot slot) {
        return slot.hasSegment() ? "%s = %02x:0x%x".formatted(slot.name(), selector(slot), pointer(slot))
                : "%s = 0x%x".formatted(slot.name(), pointer(slot));
    }

    private boolean is32Bit() {
        return (cpu.special().tr().type() & BUSY_OR_FREE_32) == BUSY_OR_FREE_32;
    }

    /** The stack of an inner ring. */
    Slot ofRing(int ring) {
        if (cpu.special().inLongMode()) {
            return new Slot("RSP" + ring, FIRST_RING + ring * Long.BYTES, Long.BYTES, false);
        }
        return is32Bit() ? new Slot("SS%d:ESP%d".formatted(ring, ring), FIRST_RING + ring * Long.BYTES, 4, true)
                : new Slot("SS%d:SP%d".formatted(ring, ring), FIRST_RING_16 + ring * Integer.BYTES, 2, true);
    }

    /** @param number 1–7, as an IDT entry names it */
    Slot ofTable(int number) {
        return new Slot("IST" + number, FIRST_TABLE + (number - 1) * Long.BYTES, Long.BYTES, false);
    }

    /** What the CPU raises if the TSS ends before a slot. */
    Optional<CpuFault> faultOfLimit(Slot slot) {
        Segment tr = cpu.special().tr();
        return slot.at() + slot.bytes() - 1 <= Integer.toUnsignedLong(tr.limit()) ? Optional.empty()
                : Optional.of(CpuFault.ofSelector(CpuException.INVALID_TSS, tr.selector(), CpuFault.EXTERNAL,
                        "the TSS ends before this stack"));
    }

    /** Why the CPU cannot read a slot. */
    Optional<Failure> unreadable(Slot slot) {
        if (slot.at() + slot.bytes() <= cpu.tables().tss().length) {
            return Optional.empty();
        }
        return Optional.of(cpu.lacks(Piece.TSS) ? new Failure.Unknown(Piece.TSS)
                : new Memory(cpu).failureOfRead(cpu.special().tr().base() + cpu.tables().tss().length,
                        "the TSS cannot be read"));
    }

    /** The stack pointer in a slot that can be read. */
    long pointer(Slot slot) {
        ByteBuffer tss = ByteBuffer.wrap(cpu.tables().tss()).order(ByteOrder.LITTLE_ENDIAN);
        return switch (slot.size()) {
            case Short.BYTES -> Short.toUnsignedLong(tss.getShort(slot.at()));
            case Integer.BYTES -> Integer.toUnsignedLong(tss.getInt(slot.at()));
            default -> tss.getLong(slot.at());
        };
    }

    /** The stack segment's selector in a slot that can be read. */
    int selector(Slot slot) {
        return Short.toUnsignedInt(ByteBuffer.wrap(cpu.tables().tss())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getShort(slot.at() + slot.size()));
    }
}
