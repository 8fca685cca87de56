package dev.interject.kvm.state;

/**
 * A segment register with its hidden part ({@code struct kvm_segment}; Intel SDM vol. 3, 3.4.5).
 *
 * @param base     linear address of its start
 * @param limit    last valid offset, an unsigned 32-bit number
 * @param selector the visible part
 * @param type     4 bits: code or data, and their attributes
 * @param present  P
 * @param dpl      descriptor privilege level, 0–3
 * @param db       D/B: 32-bit default size
 * @param system   S: true for code and data, false for system segments (as the descriptor's bit is)
 * @param longMode L: 64-bit code
 * @param pageGranular G: the descriptor's limit counted pages; {@code limit} always counts bytes
 * @param unusable the register was loaded with a null selector
 */
public record Segment(long base, int limit, int selector, int type, boolean present, int dpl, boolean db,
        boolean system, boolean longMode, boolean pageGranular, boolean unusable) {

    private static final int LARGEST_TYPE = 0xf;
    private static final int LARGEST_DPL = 3;

    /**
     * Checks the fields' ranges.
     *
     * @throws IllegalArgumentException if a field is out of range
     */
    public Segment {
        Range.check("the selector", selector, Range.WORD);
        Range.check("the segment type", type, LARGEST_TYPE);
        Range.check("the DPL", dpl, LARGEST_DPL);
    }

    /** The same segment elsewhere. */
    public Segment withBase(long value) {
        return new Segment(value, limit, selector, type, present, dpl, db, system, longMode, pageGranular, unusable);
    }

    /** The same segment with another limit. */
    public Segment withLimit(int value) {
        return new Segment(base, value, selector, type, present, dpl, db, system, longMode, pageGranular, unusable);
    }

    /** The same hidden part with another selector. */
    public Segment withSelector(int value) {
        return new Segment(base, limit, value, type, present, dpl, db, system, longMode, pageGranular, unusable);
    }
}
