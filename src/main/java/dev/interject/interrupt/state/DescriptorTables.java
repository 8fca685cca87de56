package dev.interject.interrupt.state;

/**
 * The bytes of a guest's descriptor tables, read through its page tables; each ends at the first page that cannot be
 * read.
 *
 * @param idt the interrupt table
 * @param gdt the segments
 * @param ldt the segments of the task; empty if there is none
 * @param tss the task state, which holds stacks; empty in real mode
 */
public record DescriptorTables(byte[] idt, byte[] gdt, byte[] ldt, byte[] tss) {}
