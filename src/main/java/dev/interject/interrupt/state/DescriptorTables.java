package dev.interject.interrupt.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a guest's descriptor tables, read through its page tables; each ends at the first unmapped page.
 *
 * @param idt the interrupt table
 * @param gdt the segments
 * @param tss the 64-bit TSS, which holds the interrupt stacks; empty in other modes
 */
public record DescriptorTables(byte[] idt, byte[] gdt, byte[] tss) {

    /** Where a 64-bit TSS has IST1 (Intel SDM vol. 3, "64-Bit Mode Task Management"). */
    private static final int FIRST_STACK = 0x24;
    private static final int STACK_OF_RING_0 = 4;
    private static final int GATE_BYTES = 16;

    /** The stack of an inner ring, 0–2; 0 if the TSS ends before it. */
    public long stackOfRing(int ring) {
        return stackAt(STACK_OF_RING_0 + ring * Long.BYTES);
    }

    /** The address of a vector's handler in a 64-bit IDT, whatever its entry is. */
    public long handler(int vector) {
        ByteBuffer entry = ByteBuffer.wrap(idt, vector * GATE_BYTES, GATE_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        return Short.toUnsignedLong(entry.getShort(0)) | Short.toUnsignedLong(entry.getShort(6)) << Short.SIZE
                | Integer.toUnsignedLong(entry.getInt(8)) << Integer.SIZE;
    }

    /**
     * A handler's stack.
     *
     * @param number 1–7, as an IDT entry names it
     * @return its top; 0 if the TSS ends before it
     */
    public long stack(int number) {
        return stackAt(FIRST_STACK + (number - 1) * Long.BYTES);
    }

    private long stackAt(int offset) {
        return offset + Long.BYTES > tss.length ? 0
                : ByteBuffer.wrap(tss).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
