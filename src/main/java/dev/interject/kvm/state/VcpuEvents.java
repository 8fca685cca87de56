package dev.interject.kvm.state;

import java.util.Optional;

/**
 * The events queued for a vCPU and its interrupt shadow ({@code struct kvm_vcpu_events}, api.rst 4.31).
 *
 * @param exception         the exception that is about to be delivered
 * @param interruptInjected an external interrupt is queued and will be delivered at the next entry
 * @param interruptVector   its vector, 0–255
 * @param stiShadow         the instruction after STI has not run yet, so interrupts are held
 * @param movSsShadow       the instruction after MOV SS or POP SS has not run yet, so interrupts are held
 * @param nmiInjected       an NMI is about to be delivered, before those that are pending
 * @param nmisPending       how many NMIs are pending, at most two; older kernels report 1 for either
 * @param nmiMasked         an NMI is being handled: no other is taken before IRET
 * @param smiPending        a system-management interrupt is about to be delivered
 */
public record VcpuEvents(Optional<QueuedException> exception, boolean interruptInjected, int interruptVector,
        boolean stiShadow, boolean movSsShadow, boolean nmiInjected, int nmisPending, boolean nmiMasked,
        boolean smiPending) {

    /** No event, no shadow. */
    public static final VcpuEvents NONE =
            new VcpuEvents(Optional.empty(), false, 0, false, false, false, 0, false, false);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public VcpuEvents {
        Range.check("the interrupt's vector", interruptVector, Range.BYTE);
        Range.check("the number of pending NMIs", nmisPending, Range.BYTE);
    }

    /** The same events with this exception queued. */
    public VcpuEvents withException(QueuedException queued) {
        return new VcpuEvents(Optional.of(queued), interruptInjected, interruptVector, stiShadow, movSsShadow,
                nmiInjected, nmisPending, nmiMasked, smiPending);
    }

    /** The same events with no exception queued. */
    public VcpuEvents withoutException() {
        return new VcpuEvents(Optional.empty(), interruptInjected, interruptVector, stiShadow, movSsShadow, nmiInjected,
                nmisPending, nmiMasked, smiPending);
    }

    /** The same events with no interrupt queued. */
    public VcpuEvents withoutInterrupt() {
        return new VcpuEvents(exception, false, 0, stiShadow, movSsShadow, nmiInjected, nmisPending, nmiMasked,
                smiPending);
    }

    /** The same events with this interrupt queued. */
    public VcpuEvents withInterrupt(int vector) {
        return new VcpuEvents(exception, true, vector, stiShadow, movSsShadow, nmiInjected, nmisPending, nmiMasked,
                smiPending);
    }

    /** The same events with another interrupt shadow. */
    public VcpuEvents withShadow(boolean afterSti, boolean afterMovSs) {
        return new VcpuEvents(exception, interruptInjected, interruptVector, afterSti, afterMovSs, nmiInjected,
                nmisPending, nmiMasked, smiPending);
    }

    /** The same events with an NMI that is about to be delivered, or none. */
    public VcpuEvents withNmiInjected(boolean injected) {
        return new VcpuEvents(exception, interruptInjected, interruptVector, stiShadow, movSsShadow, injected,
                nmisPending, nmiMasked, smiPending);
    }

    /** The same events with another number of pending NMIs. */
    public VcpuEvents withNmisPending(int pending) {
        return new VcpuEvents(exception, interruptInjected, interruptVector, stiShadow, movSsShadow, nmiInjected,
                pending, nmiMasked, smiPending);
    }

    /** The same events with NMIs masked, as in the handler of one, or not. */
    public VcpuEvents withNmiMasked(boolean masked) {
        return new VcpuEvents(exception, interruptInjected, interruptVector, stiShadow, movSsShadow, nmiInjected,
                nmisPending, masked, smiPending);
    }

    /** The same events with a system-management interrupt pending, or none. */
    public VcpuEvents withSmiPending(boolean pending) {
        return new VcpuEvents(exception, interruptInjected, interruptVector, stiShadow, movSsShadow, nmiInjected,
                nmisPending, nmiMasked, pending);
    }

    /** Whether an NMI is pending. */
    public boolean nmiPending() {
        return nmisPending != 0;
    }

    /** Whether an NMI is delivered at the next entry. */
    public boolean nmiComesNext() {
        return nmiInjected || nmiPending() && !nmiMasked;
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
