package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.VcpuEvents;

/** Reads and writes {@code struct kvm_vcpu_events}. */
public final class KvmVcpuEvents {

    private KvmVcpuEvents() {}

    public static VcpuEvents read(MemorySegment events) {
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        MemorySegment nmi = kvm_vcpu_events.nmi(events);
        int shadow = kvm_vcpu_events.interrupt.shadow(interrupt);
        return new VcpuEvents(exception(events),
                kvm_vcpu_events.interrupt.injected(interrupt) != 0,
                Byte.toUnsignedInt(kvm_vcpu_events.interrupt.nr(interrupt)),
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_STI()) != 0,
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS()) != 0,
                kvm_vcpu_events.nmi.injected(nmi) != 0, Byte.toUnsignedInt(kvm_vcpu_events.nmi.pending(nmi)),
                kvm_vcpu_events.nmi.masked(nmi) != 0,
                kvm_vcpu_events.smi.pending(kvm_vcpu_events.smi(events)) != 0);
    }

    /** Only a VM with KVM_CAP_EXCEPTION_PAYLOAD tells an exception that is pending from one that is injected. */
    private static Optional<QueuedException> exception(MemorySegment events) {
        MemorySegment exception = kvm_vcpu_events.exception(events);
        boolean isPending = kvm_vcpu_events.exception.pending(exception) != 0;
        if (!isPending && kvm_vcpu_events.exception.injected(exception) == 0) {
            return Optional.empty();
        }
        return Optional.of(new QueuedException(Byte.toUnsignedInt(kvm_vcpu_events.exception.nr(exception)),
                kvm_vcpu_events.exception.has_error_code(exception) != 0
                        ? OptionalInt.of(kvm_vcpu_events.exception.error_code(exception))
                        : OptionalInt.empty(),
                isPending && kvm_vcpu_events.exception_has_payload(events) != 0
                        ? OptionalLong.of(kvm_vcpu_events.exception_payload(events))
                        : OptionalLong.empty()));
    }

    public static void write(VcpuEvents values, MemorySegment events) {
        writeException(values.exception(), events);
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        kvm_vcpu_events.interrupt.injected(interrupt, flag(values.interruptInjected()));
        kvm_vcpu_events.interrupt.nr(interrupt, (byte) values.interruptVector());
        kvm_vcpu_events.interrupt.shadow(interrupt,
                (byte) ((values.stiShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_STI() : 0)
                        | (values.movSsShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS() : 0)));
        MemorySegment nmi = kvm_vcpu_events.nmi(events);
        kvm_vcpu_events.nmi.injected(nmi, flag(values.nmiInjected()));
        kvm_vcpu_events.nmi.masked(nmi, flag(values.nmiMasked()));
        kvm_vcpu_events.flags(events, NativeHeaders.KVM_VCPUEVENT_VALID_SHADOW()
                | (kvm_vcpu_events.exception_has_payload(events) != 0
                        ? NativeHeaders.KVM_VCPUEVENT_VALID_PAYLOAD()
                        : 0));
    }

    private static void writeException(Optional<QueuedException> value, MemorySegment events) {
        MemorySegment exception = kvm_vcpu_events.exception(events);
        OptionalLong payload = value.map(QueuedException::payload).orElse(OptionalLong.empty());
        kvm_vcpu_events.exception.injected(exception, flag(value.isPresent() && payload.isEmpty()));
        kvm_vcpu_events.exception.pending(exception, flag(payload.isPresent()));
        kvm_vcpu_events.exception_has_payload(events, flag(payload.isPresent()));
        kvm_vcpu_events.exception_payload(events, payload.orElse(0));
        kvm_vcpu_events.exception.nr(exception, value.map(QueuedException::vector).orElse(0).byteValue());
        OptionalInt errorCode = value.map(QueuedException::errorCode).orElse(OptionalInt.empty());
        kvm_vcpu_events.exception.has_error_code(exception, flag(errorCode.isPresent()));
        kvm_vcpu_events.exception.error_code(exception, errorCode.orElse(0));
    }

    private static byte flag(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
