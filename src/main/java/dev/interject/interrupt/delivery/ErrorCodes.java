package dev.interject.interrupt.delivery;

import java.util.OptionalInt;
import java.util.Set;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;

/**
 * The error codes of faults as a host pushes them (Intel SDM vol. 3A, "Error Code").
 *
 * @param rules      those of the host
 * @param isLongMode whether the vCPU is in long mode
 */
public record ErrorCodes(HostRules rules, boolean isLongMode) {

    /** The exceptions whose error code is about a selector or a vector. */
    private static final Set<Integer> WITH_INDEX = Set.of(CpuException.INVALID_TSS, CpuException.SEGMENT_NOT_PRESENT,
            CpuException.STACK_FAULT, CpuException.GENERAL_PROTECTION);

    /** Those of the host that a guest runs on. */
    public static ErrorCodes of(GuestState state) {
        return new ErrorCodes(state.hostRules(), state.cpu().special().inLongMode());
    }

    /** A failure whose error code is that of the host. */
    public Failure of(Failure failure) {
        return switch (failure) {
            case CpuFault fault -> of(fault);
            case Failure.NoException none -> none;
            case Failure.Unknown unknown -> unknown;
        };
    }

    /** What follows, with the host's error codes. */
    public Consequence of(Consequence consequence) {
        return consequence.with(this);
    }

    CpuFault of(CpuFault fault) {
        return fault.errorCode().isPresent() && WITH_INDEX.contains(fault.vector())
                ? new CpuFault(fault.vector(), OptionalInt.of(of(fault.errorCode().getAsInt())), fault.reason())
                : fault;
    }

    private int of(int code) {
        boolean isDoubled = isLongMode && (code & CpuFault.IN_IDT) != 0 && rules.has(Departure.DOUBLED_INDEX);
        int indexed = isDoubled ? code >> CpuFault.INDEX_SHIFT << CpuFault.INDEX_SHIFT + 1 | code & CpuFault.FLAGS
                : code;
        return rules.has(Departure.NO_EXTERNAL_BIT) ? indexed & ~CpuFault.EXTERNAL : indexed;
    }
}
