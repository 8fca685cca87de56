package dev.interject.kvm;

import dev.interject.bindings.NativeHeaders;

/** The capabilities of {@code KVM_CHECK_EXTENSION} that Interject uses. */
public enum Capability {
    KVM_CAP_USER_MEMORY(NativeHeaders.KVM_CAP_USER_MEMORY(), true, "guest memory from this process"),
    KVM_CAP_SET_TSS_ADDR(NativeHeaders.KVM_CAP_SET_TSS_ADDR(), true, "place for the TSS that Intel hosts need"),
    KVM_CAP_SET_IDENTITY_MAP_ADDR(NativeHeaders.KVM_CAP_SET_IDENTITY_MAP_ADDR(), true,
            "place for the identity map that Intel hosts need"),
    KVM_CAP_EXT_CPUID(NativeHeaders.KVM_CAP_EXT_CPUID(), true,
            "CPUID leaves, from which a guest reads its boot parameters"),
    KVM_CAP_IMMEDIATE_EXIT(NativeHeaders.KVM_CAP_IMMEDIATE_EXIT(), true,
            "make a vCPU exit without a race"),
    KVM_CAP_VCPU_EVENTS(NativeHeaders.KVM_CAP_VCPU_EVENTS(), true, "read what is queued for a vCPU"),
    KVM_CAP_IRQCHIP(NativeHeaders.KVM_CAP_IRQCHIP(), true, "PIC, IOAPIC and LAPIC in the kernel"),
    KVM_CAP_IRQ_INJECT_STATUS(NativeHeaders.KVM_CAP_IRQ_INJECT_STATUS(), true, "the status of a line change"),
    KVM_CAP_MP_STATE(NativeHeaders.KVM_CAP_MP_STATE(), true, "whether a vCPU runs or is halted"),
    KVM_CAP_SPLIT_IRQCHIP(NativeHeaders.KVM_CAP_SPLIT_IRQCHIP(), false, "only the LAPIC in the kernel"),
    KVM_CAP_IRQ_ROUTING(NativeHeaders.KVM_CAP_IRQ_ROUTING(), false, "GSI routing table (its size)"),
    KVM_CAP_IRQFD(NativeHeaders.KVM_CAP_IRQFD(), false, "interrupts through an eventfd"),
    KVM_CAP_IRQFD_RESAMPLE(NativeHeaders.KVM_CAP_IRQFD_RESAMPLE(), false, "level interrupts through an eventfd"),
    KVM_CAP_SIGNAL_MSI(NativeHeaders.KVM_CAP_SIGNAL_MSI(), false, "message-signalled interrupts"),
    KVM_CAP_USER_NMI(NativeHeaders.KVM_CAP_USER_NMI(), false, "non-maskable interrupts"),
    KVM_CAP_PIT2(NativeHeaders.KVM_CAP_PIT2(), false, "timer chip in the kernel"),
    KVM_CAP_TSC_DEADLINE_TIMER(NativeHeaders.KVM_CAP_TSC_DEADLINE_TIMER(), false, "LAPIC timer in TSC-deadline mode"),
    KVM_CAP_X2APIC_API(NativeHeaders.KVM_CAP_X2APIC_API(), false, "32-bit APIC IDs"),
    KVM_CAP_SET_GUEST_DEBUG(NativeHeaders.KVM_CAP_SET_GUEST_DEBUG(), false, "single-step a guest"),
    KVM_CAP_SET_GUEST_DEBUG2(NativeHeaders.KVM_CAP_SET_GUEST_DEBUG2(), false, "ways to debug a guest (flags)"),
    KVM_CAP_BINARY_STATS_FD(NativeHeaders.KVM_CAP_BINARY_STATS_FD(), false, "KVM's own counters"),
    KVM_CAP_ADJUST_CLOCK(NativeHeaders.KVM_CAP_ADJUST_CLOCK(), false, "read and set the clock of a VM (flags)"),
    KVM_CAP_SREGS2(NativeHeaders.KVM_CAP_SREGS2(), false, "special registers with the PAE page pointers"),
    KVM_CAP_DEBUGREGS(NativeHeaders.KVM_CAP_DEBUGREGS(), false, "read and set the debug registers"),
    KVM_CAP_XSAVE(NativeHeaders.KVM_CAP_XSAVE(), false, "read and set the x87, SSE and AVX registers"),
    KVM_CAP_XSAVE2(NativeHeaders.KVM_CAP_XSAVE2(), false, "size of the extended registers (bytes)"),
    KVM_CAP_XCRS(NativeHeaders.KVM_CAP_XCRS(), false, "read and set the extended control registers"),
    KVM_CAP_EXCEPTION_PAYLOAD(NativeHeaders.KVM_CAP_EXCEPTION_PAYLOAD(), false,
            "a pending exception with its CR2 or DR6"),
    KVM_CAP_NR_VCPUS(NativeHeaders.KVM_CAP_NR_VCPUS(), false, "recommended vCPUs per VM"),
    KVM_CAP_MAX_VCPUS(NativeHeaders.KVM_CAP_MAX_VCPUS(), false, "most vCPUs per VM"),
    KVM_CAP_NR_MEMSLOTS(NativeHeaders.KVM_CAP_NR_MEMSLOTS(), false, "memory slots per VM");

    private final int number;
    private final boolean required;
    private final String meaning;

    Capability(int number, boolean required, String meaning) {
        this.number = number;
        this.required = required;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** Whether every run needs it. */
    public boolean required() {
        return required;
    }

    /** Its purpose, in a few words. */
    public String meaning() {
        return meaning;
    }
}
