package dev.interject.kvm.state;

import java.util.Locale;

import dev.interject.bindings.NativeHeaders;

/**
 * Whether a vCPU runs, waits or was never started ({@code KVM_GET_MP_STATE}, api.rst 4.38). Known only with a LAPIC in
 * the kernel.
 */
public enum MpState {
    /** It runs, or can run. */
    RUNNABLE(NativeHeaders.KVM_MP_STATE_RUNNABLE()),
    /** An application processor that has received no INIT. */
    UNINITIALIZED(NativeHeaders.KVM_MP_STATE_UNINITIALIZED()),
    /** An application processor that has received INIT and waits for SIPI. */
    INIT_RECEIVED(NativeHeaders.KVM_MP_STATE_INIT_RECEIVED()),
    /** It executed HLT and waits for an interrupt. */
    HALTED(NativeHeaders.KVM_MP_STATE_HALTED()),
    /** An application processor that has received SIPI. */
    SIPI_RECEIVED(NativeHeaders.KVM_MP_STATE_SIPI_RECEIVED()),
    /** A state that is not one of x86. */
    UNKNOWN(-1);

    private final int number;

    MpState(int number) {
        this.number = number;
    }

    /**
     * {@code KVM_MP_STATE_*}.
     *
     * @throws IllegalArgumentException for {@link #UNKNOWN}
     */
    public int number() {
        if (this == UNKNOWN) {
            throw new IllegalArgumentException("no vCPU can be put into an unknown state");
        }
        return number;
    }

    /** The name used in text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state with this {@code KVM_MP_STATE_*}. */
    public static MpState of(int number) {
        for (MpState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
