package dev.interject.kvm.state;

import dev.interject.bindings.NativeHeaders;

/** Whether a vCPU runs, waits or was never started ({@code KVM_GET_MP_STATE}); told only with a LAPIC in the kernel. */
public enum MpState {
    RUNNABLE(NativeHeaders.KVM_MP_STATE_RUNNABLE()),
    UNINITIALIZED(NativeHeaders.KVM_MP_STATE_UNINITIALIZED()),
    INIT_RECEIVED(NativeHeaders.KVM_MP_STATE_INIT_RECEIVED()),
    HALTED(NativeHeaders.KVM_MP_STATE_HALTED()),
    SIPI_RECEIVED(NativeHeaders.KVM_MP_STATE_SIPI_RECEIVED()),
    /** A state that x86 does not have today. */
    UNKNOWN(-1);

    private final int number;

    MpState(int number) {
        this.number = number;
    }

    /** @throws IllegalArgumentException for {@link #UNKNOWN} */
    public int number() {
        if (this == UNKNOWN) {
            throw new IllegalArgumentException("no vCPU can be put into an unknown state");
        }
        return number;
    }

    public static MpState of(int number) {
        for (MpState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
