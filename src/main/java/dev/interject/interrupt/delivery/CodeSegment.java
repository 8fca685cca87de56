package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.kvm.state.Segment;

/** The checks of a code segment that a gate or IRET loads. */
final class CodeSegment {

    private CodeSegment() {}

    /** Why the CPU finds no descriptor of a handler's segment (Intel SDM vol. 2A, "INT n"). */
    static Optional<Failure> missingOnEntry(Descriptors tables, int selector) {
        return Descriptors.isNull(selector)
                ? Optional.of(CpuFault.of(CpuException.GENERAL_PROTECTION, CpuFault.EXTERNAL,
                        "the gate's code segment is the null selector"))
                : tables.missing(selector, CpuException.GENERAL_PROTECTION);
    }

    /**
     * What the CPU raises because of the type and privilege of a handler's segment (Intel SDM vol. 3A, "Protection of
     * Exception- and Interrupt-Handler Procedures").
     */
    static Optional<CpuFault> faultOfRights(Segment segment, int selector, Context from) {
        if (!Descriptors.isCode(segment)) {
            return protection(selector, "not a code segment");
        }
        if (segment.dpl() > from.ring()) {
            return protection(selector, "its ring is less privileged than the interrupted code");
        }
        if (!segment.present()) {
            return Optional.of(CpuFault.ofSelector(CpuException.SEGMENT_NOT_PRESENT, selector, CpuFault.EXTERNAL,
                    "the segment is not present"));
        }
        return from.mode() == CpuMode.LONG && segment.longMode() && segment.db()
                ? protection(selector, "both a 64-bit and a 32-bit code segment")
                : Optional.empty();
    }

    /** What the CPU raises where a handler's segment does not suit the mode. */
    static Optional<CpuFault> faultOfMode(Segment segment, int selector, Context from) {
        return switch (from.mode()) {
            case REAL, PROTECTED -> Optional.empty();
            case VIRTUAL_8086 -> segment.dpl() != 0 || Descriptors.isConforming(segment)
                    ? protection(selector, "virtual-8086 mode is left for ring 0 only")
                    : Optional.empty();
            case LONG -> segment.longMode() ? Optional.empty()
                    : protection(selector, Descriptors.isCode(segment) ? "not a 64-bit code segment"
                            : "not a code segment");
        };
    }

    private static Optional<CpuFault> protection(int selector, String reason) {
        return Optional.of(CpuFault.ofSelector(CpuException.GENERAL_PROTECTION, selector, CpuFault.EXTERNAL, reason));
    }

    /** The ring in which a handler in a usable segment runs: the segment's, or if it is conforming that of the CPU. */
    static int ringOf(Segment segment, int current) {
        return Descriptors.isConforming(segment) ? current : Math.min(segment.dpl(), current);
    }

    /** Why IRET finds no descriptor of CS (Intel SDM vol. 2A, "IRET/IRETD/IRETQ", exceptions). */
    static Optional<Failure> missingOnReturn(Descriptors tables, int selector) {
        return Descriptors.isNull(selector)
                ? Optional.of(CpuFault.of(CpuException.GENERAL_PROTECTION, 0, "CS is null"))
                : tables.missing(selector, CpuException.GENERAL_PROTECTION);
    }

    /** What IRET raises because of the type of CS. */
    static Optional<CpuFault> faultOfTypeOnReturn(Segment segment, int selector, CpuMode mode) {
        String reason = !Descriptors.isCode(segment) ? "CS is not a code segment"
                : mode == CpuMode.LONG && segment.longMode() && segment.db() ? "CS is both of 64 and of 32 bits" : "";
        return reason.isEmpty() ? Optional.empty()
                : Optional.of(CpuFault.ofSelector(CpuException.GENERAL_PROTECTION, selector, 0, reason));
    }

    /**
     * What IRET raises because of the privilege of CS.
     *
     * @param ring in which the handler runs
     */
    static Optional<CpuFault> faultOnReturn(Segment segment, int selector, int ring) {
        int requested = selector & Descriptors.RING;
        String reason = requested < ring ? "CS is of a more privileged ring than the handler"
                : !isOfRing(segment, requested) ? "CS names another ring than its descriptor" : "";
        if (!reason.isEmpty()) {
            return Optional.of(CpuFault.ofSelector(CpuException.GENERAL_PROTECTION, selector, 0, reason));
        }
        return segment.present() ? Optional.empty()
                : Optional.of(CpuFault.ofSelector(CpuException.SEGMENT_NOT_PRESENT, selector, 0, "CS is not present"));
    }

    private static boolean isOfRing(Segment segment, int requested) {
        return Descriptors.isConforming(segment) ? segment.dpl() <= requested : segment.dpl() == requested;
    }
}
