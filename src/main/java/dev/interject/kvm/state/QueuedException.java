package dev.interject.kvm.state;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An exception that a vCPU takes at its next entry ({@code struct kvm_vcpu_events}, {@code exception}).
 *
 * @param vector    0–31
 * @param errorCode what it pushes; empty if it pushes none
 * @param payload   what CR2 or DR6 gets when it is taken; empty if it gets nothing more. Only in a VM with
 *                  {@code KVM_CAP_EXCEPTION_PAYLOAD}; in others, KVM sets the register before it reports the exception
 */
public record QueuedException(int vector, OptionalInt errorCode, OptionalLong payload) {

    private static final int LAST = 31;

    /**
     * Checks the vector.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public QueuedException {
        Range.check("the exception's vector", vector, LAST);
    }

    /** Without a payload. */
    public QueuedException(int vector, OptionalInt errorCode) {
        this(vector, errorCode, OptionalLong.empty());
    }

    /** Such as "exception 13, error code 0x152". */
    @Override
    public String toString() {
        return "exception " + vector
                + (errorCode.isPresent() ? ", error code 0x%x".formatted(errorCode.getAsInt()) : "")
                + (payload.isPresent() ? ", payload 0x%x".formatted(payload.getAsLong()) : "");
    }
}
