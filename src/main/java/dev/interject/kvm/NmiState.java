package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.linux.Fd;

/** Whether a vCPU has an NMI to take; for the hot path, since it creates no {@link VcpuEvents}. */
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
}
