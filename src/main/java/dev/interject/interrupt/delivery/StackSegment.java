package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.Segment;

/** The checks of a stack segment that a switch of rings or IRET loads. */
final class StackSegment {

    private StackSegment() {}

    /**
     * What the CPU raises when it takes SS from a TSS (Intel SDM vol. 2A, "INT n", inter-privilege-level interrupt).
     *
     * @param ring of the handler
     */
    static Optional<Failure> faultOnSwitch(Descriptors tables, int selector, int ring) {
        if (Descriptors.isNull(selector)) {
            return Optional.of(CpuFault.of(CpuException.INVALID_TSS, CpuFault.EXTERNAL, "the TSS's SS%d is null"
                    .formatted(ring)));
        }
        return tables.missing(selector, CpuException.INVALID_TSS)
                .or(() -> fault(tables.at(selector), selector, ring, CpuException.INVALID_TSS, CpuFault.EXTERNAL)
                        .or(() -> faultOfType(tables.at(selector), selector, CpuException.INVALID_TSS,
                                CpuFault.EXTERNAL)))
                .or(() -> absent(tables.at(selector), selector, CpuException.STACK_FAULT, CpuFault.EXTERNAL));
    }

    /**
     * Why IRET finds no descriptor of SS, where it may not be null (Intel SDM vol. 2A, "IRET/IRETD/IRETQ").
     *
     * @param rules those of the host
     */
    static Optional<Failure> missingOnReturn(Descriptors tables, int selector, int ring, boolean is64Bit,
            HostRules rules) {
        if (!Descriptors.isNull(selector)) {
            return tables.missing(selector, CpuException.GENERAL_PROTECTION);
        }
        boolean isOfRing = (selector & Descriptors.RING) == ring || rules.has(Departure.ANY_NULL_STACK);
        String reason = !is64Bit ? "SS is null, and the code is not of 64 bits"
                : ring == Descriptors.RING ? "SS is null: ring 3 needs one"
                        : !isOfRing ? "SS is null, with another ring than the code" : "";
        return reason.isEmpty() ? Optional.empty()
                : Optional.of(CpuFault.of(CpuException.GENERAL_PROTECTION, 0, reason));
    }

    /** What IRET raises because of the type of SS. */
    static Optional<CpuFault> faultOfTypeOnReturn(Segment segment, int selector) {
        return faultOfType(segment, selector, CpuException.GENERAL_PROTECTION, 0);
    }

    /**
     * What IRET raises because of the privilege and presence of SS. Intel's SDM has #SS for one that is not present in
     * the operation of IRET, and #NP in its list of exceptions; AMD's manual has #SS.
     *
     * @param ring  to which it returns
     * @param rules those of the host
     */
    static Optional<CpuFault> faultOnReturn(Segment segment, int selector, int ring, HostRules rules) {
        int exception = rules.has(Departure.NP_FOR_ABSENT_STACK) ? CpuException.SEGMENT_NOT_PRESENT
                : CpuException.STACK_FAULT;
        return fault(segment, selector, ring, CpuException.GENERAL_PROTECTION, 0)
                .or(() -> absent(segment, selector, exception, 0));
    }

    private static Optional<CpuFault> fault(Segment segment, int selector, int ring, int exception, int external) {
        return (selector & Descriptors.RING) != ring || segment.dpl() != ring
                ? Optional.of(CpuFault.ofSelector(exception, selector, external, "SS is of another ring than the code"))
                : Optional.empty();
    }

    private static Optional<CpuFault> faultOfType(Segment segment, int selector, int exception, int external) {
        return Descriptors.isWritableData(segment) ? Optional.empty()
                : Optional.of(CpuFault.ofSelector(exception, selector, external, "SS is not a writable data segment"));
    }

    private static Optional<CpuFault> absent(Segment segment, int selector, int exception, int external) {
        return segment.present() ? Optional.empty()
                : Optional.of(CpuFault.ofSelector(exception, selector, external, "SS is not present"));
    }
}
