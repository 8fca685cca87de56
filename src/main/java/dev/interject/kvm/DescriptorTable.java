package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_dtable;

/**
 * GDTR or IDTR ({@code struct kvm_dtable}).
 *
 * @param base  linear address
 * @param limit last valid byte, 0 to 0xffff
 */
public record DescriptorTable(long base, int limit) {

    static DescriptorTable read(MemorySegment table) {
        return new DescriptorTable(kvm_dtable.base(table), Short.toUnsignedInt(kvm_dtable.limit(table)));
    }

    void write(MemorySegment table) {
        kvm_dtable.base(table, base);
        kvm_dtable.limit(table, (short) limit);
    }
}
