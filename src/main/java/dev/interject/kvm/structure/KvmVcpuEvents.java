package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

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
        return new VcpuEvents(exception(kvm_vcpu_events.exception(events)),
                kvm_vcpu_events.interrupt.injected(interrupt) != 0,
                Byte.toUnsignedInt(kvm_vcpu_events.interrupt.nr(interrupt)),
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_STI()) != 0,
                (shadow & NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS()) != 0,
                kvm_vcpu_events.nmi.injected(nmi) != 0, Byte.toUnsignedInt(kvm_vcpu_events.nmi.pending(nmi)),
                kvm_vcpu_events.nmi.masked(nmi) != 0,
                kvm_vcpu_events.smi.pending(kvm_vcpu_events.smi(events)) != 0);
    }

    /** Without KVM_CAP_EXCEPTION_PAYLOAD, which Interject does not enable, a pending exception is an injected one. */
    private static Optional<QueuedException> exception(MemorySegment exception) {
        if (kvm_vcpu_events.exception.injected(exception) == 0) {
            return Optional.empty();
        }
        return Optional.of(new QueuedException(Byte.toUnsignedInt(kvm_vcpu_events.exception.nr(exception)),
                kvm_vcpu_events.exception.has_error_code(exception) != 0
                        ? OptionalInt.of(kvm_vcpu_events.exception.error_code(exception))
                        : OptionalInt.empty()));
    }

    public static void write(VcpuEvents values, MemorySegment events) {
        writeException(values.exception(), kvm_vcpu_events.exception(events));
        MemorySegment interrupt = kvm_vcpu_events.interrupt(events);
        kvm_vcpu_events.interrupt.injected(interrupt, flag(values.interruptInjected()));
        kvm_vcpu_events.interrupt.nr(interrupt, (byte) values.interruptVector());
        kvm_vcpu_events.interrupt.shadow(interrupt,
                (byte) ((values.stiShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_STI() : 0)
                        | (values.movSsShadow() ? NativeHeaders.KVM_X86_SHADOW_INT_MOV_SS() : 0)));
        MemorySegment nmi = kvm_vcpu_events.nmi(events);
        kvm_vcpu_events.nmi.injected(nmi, flag(values.nmiInjected()));
        kvm_vcpu_events.nmi.masked(nmi, flag(values.nmiMasked()));
        kvm_vcpu_events.flags(events, NativeHeaders.KVM_VCPUEVENT_VALID_SHADOW());
    }

    private static void writeException(Optional<QueuedException> value, MemorySegment exception) {
        kvm_vcpu_events.exception.injected(exception, flag(value.isPresent()));
        kvm_vcpu_events.exception.nr(exception, value.map(QueuedException::vector).orElse(0).byteValue());
        OptionalInt errorCode = value.map(QueuedException::errorCode).orElse(OptionalInt.empty());
        kvm_vcpu_events.exception.has_error_code(exception, flag(errorCode.isPresent()));
        kvm_vcpu_events.exception.error_code(exception, errorCode.orElse(0));
    }

    private static byte flag(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
