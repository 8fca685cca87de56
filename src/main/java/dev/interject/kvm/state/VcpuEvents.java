package dev.interject.kvm.state;

/**
 * What is queued for a vCPU and what shadows it ({@code KVM_GET_VCPU_EVENTS}).
 *
 * @param exceptionInjected an exception is about to be delivered
 * @param exceptionVector   its vector, 0–31
 * @param interruptInjected an external interrupt is queued and will be delivered at the next entry
 * @param interruptVector   its vector, 0–255
 * @param stiShadow         the instruction after STI has not run yet, so interrupts are held
 * @param movSsShadow       the instruction after MOV SS or POP SS has not run yet, so interrupts are held
 * @param nmisPending       how many non-maskable interrupts wait, at most two; older kernels say 1 for either
 * @param nmiMasked         one is being handled: no other gets in before IRET
 */
public record VcpuEvents(boolean exceptionInjected, int exceptionVector, boolean interruptInjected, int interruptVector,
        boolean stiShadow, boolean movSsShadow, int nmisPending, boolean nmiMasked) {

    /** The same vCPU with another shadow. */
    public VcpuEvents withShadow(boolean afterSti, boolean afterMovSs) {
        return new VcpuEvents(exceptionInjected, exceptionVector, interruptInjected, interruptVector, afterSti,
                afterMovSs, nmisPending, nmiMasked);
    }

    /** A non-maskable interrupt waits. */
    public boolean nmiPending() {
        return nmisPending != 0;
    }

    /** The instruction about to run is the one after STI, MOV SS or POP SS. */
    public boolean inShadow() {
        return stiShadow || movSsShadow;
    }
}
