package dev.interject.kvm;

import static dev.interject.kvm.KvmRequest.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_clock_data;
import dev.interject.bindings.kvm_cpuid2;
import dev.interject.bindings.kvm_debugregs;
import dev.interject.bindings.kvm_enable_cap;
import dev.interject.bindings.kvm_guest_debug;
import dev.interject.bindings.kvm_interrupt;
import dev.interject.bindings.kvm_irq_level;
import dev.interject.bindings.kvm_irq_routing;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_irqfd;
import dev.interject.bindings.kvm_lapic_state;
import dev.interject.bindings.kvm_mp_state;
import dev.interject.bindings.kvm_msi;
import dev.interject.bindings.kvm_msr_list;
import dev.interject.bindings.kvm_msrs;
import dev.interject.bindings.kvm_pit_config;
import dev.interject.bindings.kvm_pit_state2;
import dev.interject.bindings.kvm_regs;
import dev.interject.bindings.kvm_signal_mask;
import dev.interject.bindings.kvm_sregs;
import dev.interject.bindings.kvm_sregs2;
import dev.interject.bindings.kvm_translation;
import dev.interject.bindings.kvm_userspace_memory_region;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.bindings.kvm_xcrs;
import dev.interject.bindings.kvm_xsave;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel's numbers carry the size of what they pass: this checks the generated layouts. */
class KvmRequestTest {

    /** "KVMIO", bits 8 to 15 of each number. */
    private static final int KVM_TYPE = 0xAE;

    /** The structure that each request passes; for a flexible array, its header. */
    private static final Map<KvmRequest, Long> SIZES = Map.ofEntries(
            Map.entry(KVM_SET_USER_MEMORY_REGION, kvm_userspace_memory_region.sizeof()),
            Map.entry(KVM_SET_IDENTITY_MAP_ADDR, (long) Long.BYTES),
            Map.entry(KVM_GET_IRQCHIP, kvm_irqchip.sizeof()),
            Map.entry(KVM_SET_IRQCHIP, kvm_irqchip.sizeof()),
            Map.entry(KVM_IRQ_LINE_STATUS, kvm_irq_level.sizeof()),
            Map.entry(KVM_IRQFD, kvm_irqfd.sizeof()),
            Map.entry(KVM_SIGNAL_MSI, kvm_msi.sizeof()),
            Map.entry(KVM_SET_GSI_ROUTING, kvm_irq_routing.entries$offset()),
            Map.entry(KVM_ENABLE_CAP, kvm_enable_cap.sizeof()),
            Map.entry(KVM_CREATE_PIT2, kvm_pit_config.sizeof()),
            Map.entry(KVM_GET_PIT2, kvm_pit_state2.sizeof()),
            Map.entry(KVM_SET_PIT2, kvm_pit_state2.sizeof()),
            Map.entry(KVM_GET_CLOCK, kvm_clock_data.sizeof()),
            Map.entry(KVM_SET_CLOCK, kvm_clock_data.sizeof()),
            Map.entry(KVM_GET_REGS, kvm_regs.sizeof()),
            Map.entry(KVM_SET_REGS, kvm_regs.sizeof()),
            Map.entry(KVM_GET_SREGS, kvm_sregs.sizeof()),
            Map.entry(KVM_SET_SREGS, kvm_sregs.sizeof()),
            Map.entry(KVM_GET_SREGS2, kvm_sregs2.sizeof()),
            Map.entry(KVM_SET_SREGS2, kvm_sregs2.sizeof()),
            Map.entry(KVM_GET_DEBUGREGS, kvm_debugregs.sizeof()),
            Map.entry(KVM_SET_DEBUGREGS, kvm_debugregs.sizeof()),
            Map.entry(KVM_GET_XSAVE, kvm_xsave.sizeof()),
            Map.entry(KVM_GET_XSAVE2, kvm_xsave.sizeof()),
            Map.entry(KVM_SET_XSAVE, kvm_xsave.sizeof()),
            Map.entry(KVM_GET_XCRS, kvm_xcrs.sizeof()),
            Map.entry(KVM_SET_XCRS, kvm_xcrs.sizeof()),
            Map.entry(KVM_INTERRUPT, kvm_interrupt.sizeof()),
            Map.entry(KVM_GET_SUPPORTED_CPUID, kvm_cpuid2.entries$offset()),
            Map.entry(KVM_GET_MSR_INDEX_LIST, kvm_msr_list.indices$offset()),
            Map.entry(KVM_SET_CPUID2, kvm_cpuid2.entries$offset()),
            Map.entry(KVM_GET_CPUID2, kvm_cpuid2.entries$offset()),
            Map.entry(KVM_SET_SIGNAL_MASK, kvm_signal_mask.sigset$offset()),
            Map.entry(KVM_GET_LAPIC, kvm_lapic_state.sizeof()),
            Map.entry(KVM_SET_LAPIC, kvm_lapic_state.sizeof()),
            Map.entry(KVM_GET_MP_STATE, kvm_mp_state.sizeof()),
            Map.entry(KVM_SET_MP_STATE, kvm_mp_state.sizeof()),
            Map.entry(KVM_GET_VCPU_EVENTS, kvm_vcpu_events.sizeof()),
            Map.entry(KVM_SET_VCPU_EVENTS, kvm_vcpu_events.sizeof()),
            Map.entry(KVM_SET_GUEST_DEBUG, kvm_guest_debug.sizeof()),
            Map.entry(KVM_GET_MSRS, kvm_msrs.entries$offset()),
            Map.entry(KVM_SET_MSRS, kvm_msrs.entries$offset()),
            Map.entry(KVM_TRANSLATE, kvm_translation.sizeof()));

    /** Requests that pass a number, or nothing. */
    private static final Set<KvmRequest> WITHOUT_STRUCTURE = Set.of(KVM_GET_API_VERSION, KVM_CHECK_EXTENSION,
            KVM_CREATE_VM, KVM_GET_VCPU_MMAP_SIZE, KVM_CREATE_VCPU, KVM_SET_TSS_ADDR, KVM_CREATE_IRQCHIP,
            KVM_GET_STATS_FD, KVM_NMI, KVM_RUN, KVM_GET_TSC_KHZ, KVM_SET_TSC_KHZ);

    static Stream<KvmRequest> withStructure() {
        return Stream.of(KvmRequest.values()).filter(request -> !WITHOUT_STRUCTURE.contains(request));
    }

    @ParameterizedTest
    @MethodSource("withStructure")
    void encodedSize_isThatOfTheGeneratedLayout(KvmRequest request) {
        assertThat(SIZES).containsKey(request);
        assertThat((long) request.encodedSize()).isEqualTo(SIZES.get(request)).isPositive();
    }

    @Test
    void requestWithoutStructure_encodesNoSize() {
        assertThat(WITHOUT_STRUCTURE).allSatisfy(request -> assertThat(request.encodedSize()).isZero());
    }

    @ParameterizedTest
    @EnumSource
    void number_isOneOfKvms(KvmRequest request) {
        assertThat(request.number() >> 8 & 0xff).isEqualTo(KVM_TYPE);
        assertThat(request.number()).isBetween(0L, 0xffffffffL);
    }

    @ParameterizedTest
    @EnumSource
    void number_isThatOfTheHeadersNameForIt(KvmRequest request) throws ReflectiveOperationException {
        Number generated = (Number) NativeHeaders.class.getMethod(request.name()).invoke(null);

        assertThat(request.number()).isEqualTo(generated.longValue());
    }
}
