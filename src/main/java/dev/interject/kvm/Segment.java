package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_segment;

/**
 * A segment register with its hidden part ({@code struct kvm_segment}; Intel SDM vol. 3, 3.4.5).
 *
 * @param base     linear address of its start
 * @param limit    last valid offset
 * @param selector the visible part
 * @param type     4 bits: code or data, and their attributes
 * @param present  P
 * @param dpl      descriptor privilege level, 0–3
 * @param db       D/B: 32-bit default size
 * @param system   S: true for code and data, false for system segments (as the descriptor's bit is)
 * @param longMode L: 64-bit code
 * @param pageGranular G: the limit counts pages
 * @param unusable the register was loaded with a null selector
 */
public record Segment(long base, int limit, int selector, int type, boolean present, int dpl, boolean db,
        boolean system, boolean longMode, boolean pageGranular, boolean unusable) {

    static Segment read(MemorySegment s) {
        return new Segment(kvm_segment.base(s), kvm_segment.limit(s), Short.toUnsignedInt(kvm_segment.selector(s)),
                kvm_segment.type(s), kvm_segment.present(s) != 0, kvm_segment.dpl(s), kvm_segment.db(s) != 0,
                kvm_segment.s(s) != 0, kvm_segment.l(s) != 0, kvm_segment.g(s) != 0, kvm_segment.unusable(s) != 0);
    }

    void write(MemorySegment s) {
        kvm_segment.base(s, base);
        kvm_segment.limit(s, limit);
        kvm_segment.selector(s, (short) selector);
        kvm_segment.type(s, (byte) type);
        kvm_segment.present(s, bit(present));
        kvm_segment.dpl(s, (byte) dpl);
        kvm_segment.db(s, bit(db));
        kvm_segment.s(s, bit(system));
        kvm_segment.l(s, bit(longMode));
        kvm_segment.g(s, bit(pageGranular));
        kvm_segment.avl(s, (byte) 0);
        kvm_segment.unusable(s, bit(unusable));
    }

    private static byte bit(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
