package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.kvm.state.Segment;

/** The checks of a code segment that a gate or IRET loads. */
final class CodeSegment {

    private CodeSegment() {}

    /**
     * What the CPU raises where it enters a handler (Intel SDM vol. 3A, "Protection of Exception- and
     * Interrupt-Handler Procedures"; vol. 2A, "INT n").
     */
    static Optional<Fault> faultOnEntry(Descriptors tables, int selector, Context from) {
        if (Descriptors.isNull(selector)) {
            return Optional.of(Fault.of(CpuException.GENERAL_PROTECTION, Fault.EXTERNAL,
                    "the gate's code segment is the null selector"));
        }
        return tables.missing(selector, CpuException.GENERAL_PROTECTION)
                .or(() -> faultOnEntry(tables.at(selector), selector, from));
    }

    private static Optional<Fault> faultOnEntry(Segment segment, int selector, Context from) {
        if (!Descriptors.isCode(segment)) {
            return protection(selector, "not a code segment");
        }
        if (segment.dpl() > from.ring()) {
            return protection(selector, "its ring is less privileged than the interrupted code");
        }
        if (!segment.present()) {
            return Optional.of(Fault.ofSelector(CpuException.SEGMENT_NOT_PRESENT, selector, Fault.EXTERNAL,
                    "the segment is not present"));
        }
        return switch (from.mode()) {
            case REAL, PROTECTED -> Optional.empty();
            case VIRTUAL_8086 -> segment.dpl() != 0 || Descriptors.isConforming(segment)
                    ? protection(selector, "virtual-8086 mode is left for ring 0 only")
                    : Optional.empty();
            // L and D together are reserved
            case LONG -> segment.longMode() && !segment.db() ? Optional.empty()
                    : protection(selector, "not a 64-bit code segment");
        };
    }

    private static Optional<Fault> protection(int selector, String reason) {
        return Optional.of(Fault.ofSelector(CpuException.GENERAL_PROTECTION, selector, Fault.EXTERNAL, reason));
    }

    /** The ring in which a handler in a usable segment runs: the segment's, or if it is conforming that of the CPU. */
    static int ringOf(Segment segment, int current) {
        return Descriptors.isConforming(segment) ? current : segment.dpl();
    }

    /**
     * What IRET raises when it loads CS (Intel SDM vol. 2A, "IRET/IRETD/IRETQ", exceptions).
     *
     * @param ring in which the handler runs
     */
    static Optional<Fault> faultOnReturn(Descriptors tables, int selector, int ring, CpuMode mode) {
        if (Descriptors.isNull(selector)) {
            return Optional.of(Fault.of(CpuException.GENERAL_PROTECTION, 0, "CS is null"));
        }
        return tables.missing(selector, CpuException.GENERAL_PROTECTION)
                .or(() -> faultOnReturn(tables.at(selector), selector, ring, mode));
    }

    private static Optional<Fault> faultOnReturn(Segment segment, int selector, int ring, CpuMode mode) {
        int requested = selector & Descriptors.RING;
        String reason = !Descriptors.isCode(segment) ? "CS is not a code segment"
                : requested < ring ? "CS is of a more privileged ring than the handler"
                        : !isOfRing(segment, requested) ? "CS names another ring than its descriptor"
                                : mode == CpuMode.LONG && segment.longMode() && segment.db()
                                        ? "CS is both of 64 and of 32 bits"
                                        : "";
        if (!reason.isEmpty()) {
            return Optional.of(Fault.ofSelector(CpuException.GENERAL_PROTECTION, selector, 0, reason));
        }
        return segment.present() ? Optional.empty()
                : Optional.of(Fault.ofSelector(CpuException.SEGMENT_NOT_PRESENT, selector, 0, "CS is not present"));
    }

    private static boolean isOfRing(Segment segment, int requested) {
        return Descriptors.isConforming(segment) ? segment.dpl() <= requested : segment.dpl() == requested;
    }
}
