package dev.interject.interrupt.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.interject.interrupt.state.GuestState;

/**
 * The 64-bit code segment that an IDT gate refers to (Intel SDM vol. 3, "Segment Descriptors").
 *
 * @param evidence the descriptor, as text
 * @param fault    what the CPU would do instead of entering the handler, or null if the segment is usable
 */
record CodeSegment(String evidence, String fault) {

    private static final int DESCRIPTOR_BYTES = 8;
    private static final int ACCESS = 5;
    private static final int ATTRIBUTES = 6;
    private static final int PRESENT = 1 << 7;
    private static final int CODE_OR_DATA = 1 << 4;
    private static final int CODE = 1 << 3;
    private static final int CONFORMING = 1 << 2;
    private static final int LONG = 1 << 5;
    private static final int DEFAULT_32 = 1 << 6;
    private static final int DPL_SHIFT = 5;
    private static final int RING = 3;
    private static final int IN_LDT = 1 << 2;

    static CodeSegment of(GuestState state, int selector) {
        int offset = selector & ~(DESCRIPTOR_BYTES - 1);
        if ((selector & IN_LDT) != 0) {
            return new CodeSegment("selector 0x%02x, in the LDT".formatted(selector),
                    "#GP: no built-in guest has an LDT");
        }
        if (offset + DESCRIPTOR_BYTES - 1 > state.cpu().special().gdt().limit()) {
            return new CodeSegment(
                    "selector 0x%02x, GDT limit 0x%x".formatted(selector, state.cpu().special().gdt().limit()),
                    "#GP: the GDT ends before this selector");
        }
        if (offset + DESCRIPTOR_BYTES > state.cpu().tables().gdt().length) {
            return new CodeSegment("selector 0x%02x, GDT not mapped that far".formatted(selector),
                    "#PF: the GDT cannot be read");
        }
        ByteBuffer descriptor = ByteBuffer.wrap(state.cpu().tables().gdt(), offset, DESCRIPTOR_BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        int access = Byte.toUnsignedInt(descriptor.get(ACCESS));
        int attributes = Byte.toUnsignedInt(descriptor.get(ATTRIBUTES));
        String evidence = "0x%02x: 0x%016x".formatted(selector, descriptor.getLong(0));
        if ((access & CODE_OR_DATA) == 0 || (access & CODE) == 0) {
            return new CodeSegment(evidence, "#GP: not a code segment");
        }
        if ((access >> DPL_SHIFT & RING) > (state.cpu().special().cs().selector() & RING)) {
            return new CodeSegment(evidence, "#GP: its ring is less privileged than the interrupted code");
        }
        if ((access & PRESENT) == 0) {
            return new CodeSegment(evidence, "#NP: the segment is not present");
        }
        if ((attributes & (LONG | DEFAULT_32)) != LONG) { // both together are reserved
            return new CodeSegment(evidence, "#GP: not a 64-bit code segment");
        }
        return new CodeSegment(evidence, null);
    }

    /** The ring in which a handler of a usable segment runs: the segment's, or if it is conforming that of the CPU. */
    static int ringOf(GuestState state, int selector, int current) {
        int access = state.cpu().tables().gdt()[(selector & -DESCRIPTOR_BYTES) + ACCESS];
        return (access & CONFORMING) != 0 ? current : access >> DPL_SHIFT & RING;
    }

    boolean isUsable() {
        return fault == null;
    }
}
