package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.kvm.state.Segment;

/** The checks of the TSS that a task gate names (Intel SDM vol. 2A, "INT n"; vol. 3A, "Task Switching"). */
final class TaskGate {

    private static final int IN_LDT = 1 << 2;
    private static final int FREE_16 = 0x1;
    private static final int FREE_32 = 0x9;
    private static final int LEAST_LIMIT_16 = 0x2b;
    private static final int LEAST_LIMIT_32 = 0x67;

    private TaskGate() {}

    static Optional<Failure> fault(Descriptors tables, int selector) {
        if (Descriptors.isNull(selector) || (selector & IN_LDT) != 0) {
            return fault(CpuException.GENERAL_PROTECTION, selector, "the TSS's selector is not one of the GDT");
        }
        return tables.missing(selector, CpuException.GENERAL_PROTECTION)
                .or(() -> fault(tables.at(selector), selector));
    }

    private static Optional<Failure> fault(Segment tss, int selector) {
        if (tss.system() || tss.type() != FREE_16 && tss.type() != FREE_32) {
            return fault(CpuException.GENERAL_PROTECTION, selector, "not a free TSS: another type, or busy");
        }
        if (!tss.present()) {
            return fault(CpuException.SEGMENT_NOT_PRESENT, selector, "the TSS is not present");
        }
        int least = tss.type() == FREE_16 ? LEAST_LIMIT_16 : LEAST_LIMIT_32;
        return Integer.compareUnsigned(tss.limit(), least) < 0
                ? fault(CpuException.INVALID_TSS, selector, "the TSS is too short")
                : Optional.empty();
    }

    private static Optional<Failure> fault(int exception, int selector, String reason) {
        return Optional.of(CpuFault.ofSelector(exception, selector, CpuFault.EXTERNAL, reason));
    }
}
