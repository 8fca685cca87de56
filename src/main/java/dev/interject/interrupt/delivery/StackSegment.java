package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.kvm.state.Segment;

/** The checks of a stack segment that a switch of rings or IRET loads. */
final class StackSegment {

    private StackSegment() {}

    /**
     * What the CPU raises when it takes SS from a TSS (Intel SDM vol. 2A, "INT n", inter-privilege-level interrupt).
     *
     * @param ring of the handler
     */
    static Optional<Fault> faultOnSwitch(Descriptors tables, int selector, int ring) {
        if (Descriptors.isNull(selector)) {
            return Optional.of(Fault.of(CpuException.INVALID_TSS, Fault.EXTERNAL, "the TSS's SS%d is null"
                    .formatted(ring)));
        }
        return tables.missing(selector, CpuException.INVALID_TSS)
                .or(() -> fault(tables.at(selector), selector, ring, CpuException.INVALID_TSS, Fault.EXTERNAL));
    }

    /**
     * What IRET raises when it loads SS (Intel SDM vol. 2A, "IRET/IRETD/IRETQ", exceptions).
     *
     * @param ring       to which it returns
     * @param is64Bit    whether it returns to 64-bit code
     */
    static Optional<Fault> faultOnReturn(Descriptors tables, int selector, int ring, boolean is64Bit) {
        if (Descriptors.isNull(selector)) {
            String reason = !is64Bit ? "SS is null, and the code is not of 64 bits"
                    : ring == Descriptors.RING ? "SS is null: ring 3 needs one"
                            : (selector & Descriptors.RING) != ring ? "SS is null, with another ring than the code"
                                    : "";
            return reason.isEmpty() ? Optional.empty()
                    : Optional.of(Fault.of(CpuException.GENERAL_PROTECTION, 0, reason));
        }
        return tables.missing(selector, CpuException.GENERAL_PROTECTION)
                .or(() -> fault(tables.at(selector), selector, ring, CpuException.GENERAL_PROTECTION, 0));
    }

    private static Optional<Fault> fault(Segment segment, int selector, int ring, int exception, int external) {
        if ((selector & Descriptors.RING) != ring || segment.dpl() != ring) {
            return Optional.of(Fault.ofSelector(exception, selector, external, "SS is of another ring than the code"));
        }
        if (!Descriptors.isWritableData(segment)) {
            return Optional.of(Fault.ofSelector(exception, selector, external, "SS is not a writable data segment"));
        }
        return segment.present() ? Optional.empty()
                : Optional.of(Fault.ofSelector(CpuException.STACK_FAULT, selector, external, "SS is not present"));
    }
}
