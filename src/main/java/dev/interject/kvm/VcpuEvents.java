package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_vcpu_events;

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

    static VcpuEvents read(MemorySegment events) {
        MemorySegment exception = kvm_vcpu_events.exception(events);
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        MemorySegment nmi = kvm_vcpu_events.nmi(events);
        int shadow = kvm_vcpu_events.interrupt.shadow(interrupt);
        return new VcpuEvents(kvm_vcpu_events.exception.injected(exception) != 0,
                Byte.toUnsignedInt(kvm_vcpu_events.exception.nr(exception)),
                kvm_vcpu_events.interrupt.injected(interrupt) != 0,
                Byte.toUnsignedInt(kvm_vcpu_events.interrupt.nr(interrupt)),
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_STI()) != 0,
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS()) != 0,
                kvm_vcpu_events.nmi.pending(nmi), kvm_vcpu_events.nmi.masked(nmi) != 0);
    }

    /**
     * Leaves as it is what {@link #read} does not tell, and how many non-maskable interrupts wait: those are asked for
     * with {@link Vcpu#nmi}.
     *
     * @param events what {@code KVM_GET_VCPU_EVENTS} has just said
     */
    void write(MemorySegment events) {
        MemorySegment exception = kvm_vcpu_events.exception(events);
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        kvm_vcpu_events.exception.injected(exception, flag(exceptionInjected));
        kvm_vcpu_events.exception.nr(exception, (byte) exceptionVector);
        kvm_vcpu_events.interrupt.injected(interrupt, flag(interruptInjected));
        kvm_vcpu_events.interrupt.nr(interrupt, (byte) interruptVector);
        kvm_vcpu_events.interrupt.shadow(interrupt, (byte) ((stiShadow ? NativeHeaders.KVM_X86_SHADOW_INT_STI() : 0)
                | (movSsShadow ? NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS() : 0)));
        kvm_vcpu_events.nmi.masked(kvm_vcpu_events.nmi(events), flag(nmiMasked));
        kvm_vcpu_events.flags(events, NativeHeaders.KVM_VCPUEVENT_VALID_SHADOW());
    }

    private static byte flag(boolean set) {
        return (byte) (set ? 1 : 0);
    }

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
