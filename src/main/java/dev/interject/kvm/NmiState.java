package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.linux.Fd;

/** The NMIs that a vCPU has to take; for the hot path, since it creates no {@link VcpuEvents}. */
final class NmiState {

    private final Fd vcpu;
    private final MemorySegment events = Arena.ofAuto().allocate(kvm_vcpu_events.layout());
    private final MemorySegment nmi = kvm_vcpu_events.nmi(events);

    NmiState(Fd vcpu) {
        this.vcpu = vcpu;
    }

    /** An NMI is pending, and none is being handled. */
    boolean canEnter() {
        vcpu.ioctl(KvmRequest.KVM_GET_VCPU_EVENTS, events);
        return kvm_vcpu_events.nmi.pending(nmi) != 0 && kvm_vcpu_events.nmi.masked(nmi) == 0;
    }

    /** Sets how many are pending, and changes no other event. */
    void setPending(int count) {
        vcpu.ioctl(KvmRequest.KVM_GET_VCPU_EVENTS, events);
        kvm_vcpu_events.nmi.pending(nmi, (byte) count);
        kvm_vcpu_events.flags(events, NativeHeaders.KVM_VCPUEVENT_VALID_NMI_PENDING());
        vcpu.ioctl(KvmRequest.KVM_SET_VCPU_EVENTS, events);
    }
}
