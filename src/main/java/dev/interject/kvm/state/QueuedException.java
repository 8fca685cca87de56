package dev.interject.kvm.state;

import java.util.OptionalInt;

/**
 * An exception that a vCPU takes at its next entry ({@code struct kvm_vcpu_events}, {@code exception}).
 *
 * @param vector    0–31
 * @param errorCode what it pushes; empty if it pushes none
 */
public record QueuedException(int vector, OptionalInt errorCode) {

    private static final int LAST = 31;

    /**
     * Checks the vector.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public QueuedException {
        Range.check("the exception's vector", vector, LAST);
    }

    /** Such as "exception 13, error code 0x152". */
    @Override
    public String toString() {
        return "exception " + vector
                + (errorCode.isPresent() ? ", error code 0x%x".formatted(errorCode.getAsInt()) : "");
    }
}
