package dev.interject.interrupt.gate;

import java.util.Optional;

import dev.interject.interrupt.state.GuestState;

/** The checks of a stack segment that IRETQ loads (Intel SDM vol. 2A, "IRET", the 64-bit mode). */
final class DataSegment {

    private static final int DESCRIPTOR_BYTES = 8;
    private static final int ACCESS = 5;
    private static final int PRESENT = 1 << 7;
    private static final int CODE_OR_DATA = 1 << 4;
    private static final int CODE = 1 << 3;
    private static final int WRITABLE = 1 << 1;
    private static final int DPL_SHIFT = 5;
    private static final int RING = 3;
    private static final int IN_LDT = 1 << 2;

    private DataSegment() {}

    /**
     * What IRETQ raises when it loads SS; empty if it can.
     *
     * @param ring to which it returns
     */
    static Optional<String> faultOnReturn(GuestState state, int selector, int ring) {
        if ((selector & ~RING) == 0) {
            return ring == RING ? Optional.of("#GP, error code 0x0: ring 3 cannot have a null SS") : Optional.empty();
        }
        String code = ", error code 0x%x: ".formatted(selector & ~RING);
        int offset = selector & -DESCRIPTOR_BYTES;
        if ((selector & IN_LDT) != 0) {
            return state.cpu().special().ldt().unusable() ? Optional.of("#GP" + code + "there is no LDT")
                    : Optional.empty();
        }
        if (Integer.compareUnsigned(offset + DESCRIPTOR_BYTES - 1, state.cpu().special().gdt().limit()) > 0) {
            return Optional.of("#GP" + code + "the GDT ends before this selector");
        }
        if (offset + DESCRIPTOR_BYTES > state.cpu().tables().gdt().length) {
            return Optional.of("#PF: the GDT cannot be read");
        }
        int access = Byte.toUnsignedInt(state.cpu().tables().gdt()[offset + ACCESS]);
        if ((access & (CODE_OR_DATA | CODE | WRITABLE)) != (CODE_OR_DATA | WRITABLE)) {
            return Optional.of("#GP" + code + "not a writable data segment");
        }
        if ((selector & RING) != ring || (access >> DPL_SHIFT & RING) != ring) {
            return Optional.of("#GP" + code + "its ring is not that of the code");
        }
        return (access & PRESENT) == 0 ? Optional.of("#SS" + code + "the segment is not present") : Optional.empty();
    }
}
