package dev.interject.kvm;

import java.util.Map;

import dev.interject.bindings.NativeHeaders;

/** The names of the exit reasons that have no type of their own in {@link Exit}, for messages. */
final class ExitReason {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(NativeHeaders.KVM_EXIT_UNKNOWN(), "KVM_EXIT_UNKNOWN"),
            Map.entry(NativeHeaders.KVM_EXIT_EXCEPTION(), "KVM_EXIT_EXCEPTION"),
            Map.entry(NativeHeaders.KVM_EXIT_TPR_ACCESS(), "KVM_EXIT_TPR_ACCESS"),
            Map.entry(NativeHeaders.KVM_EXIT_INTR(), "KVM_EXIT_INTR"),
            Map.entry(NativeHeaders.KVM_EXIT_NMI(), "KVM_EXIT_NMI"),
            Map.entry(NativeHeaders.KVM_EXIT_HYPERCALL(), "KVM_EXIT_HYPERCALL"),
            Map.entry(NativeHeaders.KVM_EXIT_IOAPIC_EOI(), "KVM_EXIT_IOAPIC_EOI"),
            Map.entry(NativeHeaders.KVM_EXIT_SYSTEM_EVENT(), "KVM_EXIT_SYSTEM_EVENT"),
            Map.entry(NativeHeaders.KVM_EXIT_HYPERV(), "KVM_EXIT_HYPERV"),
            Map.entry(NativeHeaders.KVM_EXIT_XEN(), "KVM_EXIT_XEN"),
            Map.entry(NativeHeaders.KVM_EXIT_X86_RDMSR(), "KVM_EXIT_X86_RDMSR"),
            Map.entry(NativeHeaders.KVM_EXIT_X86_WRMSR(), "KVM_EXIT_X86_WRMSR"),
            Map.entry(NativeHeaders.KVM_EXIT_X86_BUS_LOCK(), "KVM_EXIT_X86_BUS_LOCK"),
            Map.entry(NativeHeaders.KVM_EXIT_NOTIFY(), "KVM_EXIT_NOTIFY"),
            Map.entry(NativeHeaders.KVM_EXIT_DIRTY_RING_FULL(), "KVM_EXIT_DIRTY_RING_FULL"),
            Map.entry(NativeHeaders.KVM_EXIT_AP_RESET_HOLD(), "KVM_EXIT_AP_RESET_HOLD"));

    private ExitReason() {}

    static String nameOf(int reason) {
        return NAMES.getOrDefault(reason, Integer.toString(reason));
    }
}
