package dev.interject.interrupt.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a guest's descriptor tables, as its page tables reach them; each cut short where nothing is mapped.
 *
 * @param idt the interrupt table
 * @param gdt the segments
 * @param tss the task state, where a handler's stack may be looked up; empty without one
 */
public record DescriptorTables(byte[] idt, byte[] gdt, byte[] tss) {

    /** Where a 64-bit TSS has IST1 (Intel SDM vol. 3, "64-Bit Mode Task Management"). */
    private static final int FIRST_STACK = 0x24;

    /**
     * A handler's stack.
     *
     * @param number 1–7, as an IDT entry names it
     * @return its top; 0 where the TSS does not reach that far
     */
    long stack(int number) {
        int offset = FIRST_STACK + (number - 1) * Long.BYTES;
        return offset + Long.BYTES > tss.length ? 0
                : ByteBuffer.wrap(tss).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
