package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.kvm.state.VcpuEvents;

/** Reads and writes {@code struct kvm_vcpu_events}. */
public final class KvmVcpuEvents {

    private KvmVcpuEvents() {}

    public static VcpuEvents read(MemorySegment events) {
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

    public static void write(VcpuEvents values, MemorySegment events) {
        MemorySegment exception = kvm_vcpu_events.exception(events);
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        kvm_vcpu_events.exception.injected(exception, flag(values.exceptionInjected()));
        kvm_vcpu_events.exception.nr(exception, (byte) values.exceptionVector());
        kvm_vcpu_events.interrupt.injected(interrupt, flag(values.interruptInjected()));
        kvm_vcpu_events.interrupt.nr(interrupt, (byte) values.interruptVector());
        kvm_vcpu_events.interrupt.shadow(interrupt,
                (byte) ((values.stiShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_STI() : 0)
                        | (values.movSsShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS() : 0)));
        kvm_vcpu_events.nmi.masked(kvm_vcpu_events.nmi(events), flag(values.nmiMasked()));
        kvm_vcpu_events.flags(events, NativeHeaders.KVM_VCPUEVENT_VALID_SHADOW());
    }

    private static byte flag(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
