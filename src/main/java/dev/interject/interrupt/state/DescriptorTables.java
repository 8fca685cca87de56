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

    /**
     * A handler's stack.
     *
     * @param number 1–7, as an IDT entry names it
     * @return its top; 0 if the TSS ends before it
     */
    public long stack(int number) {
        int offset = FIRST_STACK + (number - 1) * Long.BYTES;
        return offset + Long.BYTES > tss.length ? 0
                : ByteBuffer.wrap(tss).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
