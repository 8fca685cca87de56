package dev.interject.kvm.state;

/**
 * GDTR or IDTR ({@code struct kvm_dtable}).
 *
 * @param base  linear address
 * @param limit last valid byte, 0 to 0xffff
 */
public record DescriptorTable(long base, int limit) {

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public DescriptorTable {
        Range.check("the limit", limit, Range.WORD);
    }

    /** The same table elsewhere. */
    public DescriptorTable withBase(long address) {
        return new DescriptorTable(address, limit);
    }

    /** The same table with another limit. */
    public DescriptorTable withLimit(int last) {
        return new DescriptorTable(base, last);
    }
}
