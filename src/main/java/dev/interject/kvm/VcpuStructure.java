package dev.interject.kvm;

import dev.interject.bindings.kvm_debugregs;
import dev.interject.bindings.kvm_lapic_state;
import dev.interject.bindings.kvm_mp_state;
import dev.interject.bindings.kvm_regs;
import dev.interject.bindings.kvm_sregs;
import dev.interject.bindings.kvm_sregs2;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.bindings.kvm_xcrs;
import dev.interject.bindings.kvm_xsave;

/** The structures in which KVM passes a part of a vCPU's state as a whole (api.rst, "vcpu ioctls"). */
public enum VcpuStructure {
    /** {@code struct kvm_regs}. */
    REGS(KvmRequest.KVM_GET_REGS, KvmRequest.KVM_SET_REGS, kvm_regs.sizeof()),
    /** {@code struct kvm_sregs}: also IA32_APIC_BASE, and a queued interrupt. */
    SREGS(KvmRequest.KVM_GET_SREGS, KvmRequest.KVM_SET_SREGS, kvm_sregs.sizeof()),
    /** {@code struct kvm_sregs2}: also IA32_APIC_BASE and the PDPTEs; needs {@link Capability#KVM_CAP_SREGS2}. */
    SREGS2(KvmRequest.KVM_GET_SREGS2, KvmRequest.KVM_SET_SREGS2, kvm_sregs2.sizeof()),
    /** {@code struct kvm_xcrs}; needs {@link Capability#KVM_CAP_XCRS}. */
    XCRS(KvmRequest.KVM_GET_XCRS, KvmRequest.KVM_SET_XCRS, kvm_xcrs.sizeof()),
    /** {@code struct kvm_xsave}, 4096 bytes; needs {@link Capability#KVM_CAP_XSAVE}. */
    XSAVE(KvmRequest.KVM_GET_XSAVE, KvmRequest.KVM_SET_XSAVE, kvm_xsave.sizeof()),
    /** The same with as many bytes as {@link Capability#KVM_CAP_XSAVE2} says, which it needs. */
    XSAVE2(KvmRequest.KVM_GET_XSAVE2, KvmRequest.KVM_SET_XSAVE, kvm_xsave.sizeof()),
    /** {@code struct kvm_debugregs}; needs {@link Capability#KVM_CAP_DEBUGREGS}. */
    DEBUGREGS(KvmRequest.KVM_GET_DEBUGREGS, KvmRequest.KVM_SET_DEBUGREGS, kvm_debugregs.sizeof()),
    /** {@code struct kvm_lapic_state}; needs a LAPIC in the kernel. */
    LAPIC(KvmRequest.KVM_GET_LAPIC, KvmRequest.KVM_SET_LAPIC, kvm_lapic_state.sizeof()),
    /** {@code struct kvm_vcpu_events}. */
    EVENTS(KvmRequest.KVM_GET_VCPU_EVENTS, KvmRequest.KVM_SET_VCPU_EVENTS, kvm_vcpu_events.sizeof()),
    /** {@code struct kvm_mp_state}. */
    MP_STATE(KvmRequest.KVM_GET_MP_STATE, KvmRequest.KVM_SET_MP_STATE, kvm_mp_state.sizeof());

    private final KvmRequest get;
    private final KvmRequest set;
    private final long bytes;

    VcpuStructure(KvmRequest get, KvmRequest set, long bytes) {
        this.get = get;
        this.set = set;
        this.bytes = bytes;
    }

    KvmRequest get() {
        return get;
    }

    KvmRequest set() {
        return set;
    }

    /** The ioctl that sets it. */
    public String setter() {
        return set.name();
    }

    /** Its size in bytes; {@link #XSAVE2} may be larger. */
    public int bytes() {
        return Math.toIntExact(bytes);
    }
}
