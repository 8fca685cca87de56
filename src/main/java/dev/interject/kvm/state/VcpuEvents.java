package dev.interject.kvm.state;

/**
 * The events queued for a vCPU and its interrupt shadow ({@code struct kvm_vcpu_events}, api.rst 4.31).
 *
 * @param exceptionInjected an exception is about to be delivered
 * @param exceptionVector   its vector, 0–31
 * @param interruptInjected an external interrupt is queued and will be delivered at the next entry
 * @param interruptVector   its vector, 0–255
 * @param stiShadow         the instruction after STI has not run yet, so interrupts are held
 * @param movSsShadow       the instruction after MOV SS or POP SS has not run yet, so interrupts are held
 * @param nmisPending       how many NMIs are pending, at most two; older kernels report 1 for either
 * @param nmiMasked         an NMI is being handled: no other is taken before IRET
 */
public record VcpuEvents(boolean exceptionInjected, int exceptionVector, boolean interruptInjected, int interruptVector,
        boolean stiShadow, boolean movSsShadow, int nmisPending, boolean nmiMasked) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public VcpuEvents {
        Range.check("the exception's vector", exceptionVector, Range.BYTE);
        Range.check("the interrupt's vector", interruptVector, Range.BYTE);
        Range.check("the number of pending NMIs", nmisPending, Range.BYTE);
    }

    /** The same events with another interrupt shadow. */
    public VcpuEvents withShadow(boolean afterSti, boolean afterMovSs) {
        return new VcpuEvents(exceptionInjected, exceptionVector, interruptInjected, interruptVector, afterSti,
                afterMovSs, nmisPending, nmiMasked);
    }

    /** The same events with another number of pending NMIs. */
    public VcpuEvents withNmisPending(int pending) {
        return new VcpuEvents(exceptionInjected, exceptionVector, interruptInjected, interruptVector, stiShadow,
                movSsShadow, pending, nmiMasked);
    }

    /** Whether an NMI is pending. */
    public boolean nmiPending() {
        return nmisPending != 0;
    }

    /** The instruction before; AMD's CPUs do not report which it was. Empty outside a shadow. */
    public String shadow() {
        return stiShadow && movSsShadow ? "STI or MOV SS" : stiShadow ? "STI" : movSsShadow ? "MOV SS" : "";
    }

    /** Whether the next instruction is the one after STI, MOV SS or POP SS. */
    public boolean inShadow() {
        return stiShadow || movSsShadow;
    }
}
