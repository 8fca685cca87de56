package dev.interject.interrupt.delivery;

import java.util.OptionalInt;

import dev.interject.interrupt.CpuException;

/**
 * An exception that the CPU raises (Intel SDM vol. 3A, "Exception and Interrupt Reference").
 *
 * @param vector    0–31
 * @param errorCode empty in real mode and for an exception without one
 */
public record CpuFault(int vector, OptionalInt errorCode, String reason) implements Failure {

    /** The error code's bit for a fault during the delivery of another event (Intel SDM vol. 3A, "Error Code"). */
    static final int EXTERNAL = 1;
    /** The error code's bit for an index into the IDT. */
    static final int IN_IDT = 1 << 1;
    /** The bits below the index: those two, and the one for an index into the LDT. */
    static final int FLAGS = 7;
    static final int INDEX_SHIFT = 3;
    private static final int RING = 3;

    /** A fault whose error code is 0 or, during a delivery, {@link #EXTERNAL}. */
    static CpuFault of(int vector, int errorCode, String reason) {
        return new CpuFault(vector, OptionalInt.of(errorCode), reason);
    }

    /** A fault of real mode. */
    static CpuFault withoutCode(int vector, String reason) {
        return new CpuFault(vector, OptionalInt.empty(), reason);
    }

    /** A fault about an entry of the IDT. */
    static CpuFault ofEntry(int vector, int entry, String reason) {
        return of(vector, entry << INDEX_SHIFT | IN_IDT | EXTERNAL, reason);
    }

    /** A fault about a descriptor. */
    static CpuFault ofSelector(int vector, int selector, int external, String reason) {
        return of(vector, selector & ~RING | external, reason);
    }

    /** A double fault, whose error code is always 0. */
    static CpuFault ofDouble(CpuMode mode) {
        return new CpuFault(CpuException.DOUBLE_FAULT, mode.hasErrorCodes() ? OptionalInt.of(0) : OptionalInt.empty(),
                "a fault during the delivery of another");
    }

    /** As text, such as "#GP, error code 0x153: the entry is not a gate". */
    @Override
    public String toString() {
        return "%s: %s".formatted(name(), reason);
    }

    @Override
    public String kind() {
        return CpuException.mnemonic(vector) + ": " + reason;
    }

    /** Without its reason, such as "#GP, error code 0x153". */
    public String name() {
        return CpuException.mnemonic(vector)
                + (errorCode.isPresent() ? ", error code 0x%x".formatted(errorCode.getAsInt()) : "");
    }
}
