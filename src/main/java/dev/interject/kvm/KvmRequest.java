package dev.interject.kvm;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.IoctlRequest;

/** Every ioctl that Interject makes, with the number that the kernel's header gives it. */
enum KvmRequest implements IoctlRequest {
    // on /dev/kvm
    KVM_GET_API_VERSION(NativeHeaders.KVM_GET_API_VERSION()),
    KVM_CHECK_EXTENSION(NativeHeaders.KVM_CHECK_EXTENSION()),
    KVM_CREATE_VM(NativeHeaders.KVM_CREATE_VM()),
    KVM_GET_VCPU_MMAP_SIZE(NativeHeaders.KVM_GET_VCPU_MMAP_SIZE()),
    KVM_GET_SUPPORTED_CPUID(NativeHeaders.KVM_GET_SUPPORTED_CPUID()),
    KVM_GET_MSR_INDEX_LIST(NativeHeaders.KVM_GET_MSR_INDEX_LIST()),

    // on a VM
    KVM_CREATE_VCPU(NativeHeaders.KVM_CREATE_VCPU()),
    KVM_SET_USER_MEMORY_REGION(NativeHeaders.KVM_SET_USER_MEMORY_REGION()),
    KVM_SET_TSS_ADDR(NativeHeaders.KVM_SET_TSS_ADDR()),
    KVM_SET_IDENTITY_MAP_ADDR(NativeHeaders.KVM_SET_IDENTITY_MAP_ADDR()),
    KVM_CREATE_IRQCHIP(NativeHeaders.KVM_CREATE_IRQCHIP()),
    KVM_GET_IRQCHIP(NativeHeaders.KVM_GET_IRQCHIP()),
    KVM_SET_IRQCHIP(NativeHeaders.KVM_SET_IRQCHIP()),
    KVM_IRQ_LINE_STATUS(NativeHeaders.KVM_IRQ_LINE_STATUS()),
    KVM_IRQFD(NativeHeaders.KVM_IRQFD()),
    KVM_SIGNAL_MSI(NativeHeaders.KVM_SIGNAL_MSI()),
    KVM_SET_GSI_ROUTING(NativeHeaders.KVM_SET_GSI_ROUTING()),
    KVM_ENABLE_CAP(NativeHeaders.KVM_ENABLE_CAP()),
    KVM_CREATE_PIT2(NativeHeaders.KVM_CREATE_PIT2()),
    KVM_GET_PIT2(NativeHeaders.KVM_GET_PIT2()),
    KVM_SET_PIT2(NativeHeaders.KVM_SET_PIT2()),
    KVM_GET_CLOCK(NativeHeaders.KVM_GET_CLOCK()),
    KVM_SET_CLOCK(NativeHeaders.KVM_SET_CLOCK()),

    // on a vCPU
    KVM_RUN(NativeHeaders.KVM_RUN()),
    KVM_GET_REGS(NativeHeaders.KVM_GET_REGS()),
    KVM_SET_REGS(NativeHeaders.KVM_SET_REGS()),
    KVM_GET_SREGS(NativeHeaders.KVM_GET_SREGS()),
    KVM_SET_SREGS(NativeHeaders.KVM_SET_SREGS()),
    KVM_GET_SREGS2(NativeHeaders.KVM_GET_SREGS2()),
    KVM_SET_SREGS2(NativeHeaders.KVM_SET_SREGS2()),
    KVM_GET_DEBUGREGS(NativeHeaders.KVM_GET_DEBUGREGS()),
    KVM_SET_DEBUGREGS(NativeHeaders.KVM_SET_DEBUGREGS()),
    KVM_GET_XSAVE(NativeHeaders.KVM_GET_XSAVE()),
    KVM_GET_XSAVE2(NativeHeaders.KVM_GET_XSAVE2()),
    KVM_SET_XSAVE(NativeHeaders.KVM_SET_XSAVE()),
    KVM_GET_XCRS(NativeHeaders.KVM_GET_XCRS()),
    KVM_SET_XCRS(NativeHeaders.KVM_SET_XCRS()),
    KVM_INTERRUPT(NativeHeaders.KVM_INTERRUPT()),
    KVM_NMI(NativeHeaders.KVM_NMI()),
    KVM_GET_STATS_FD(NativeHeaders.KVM_GET_STATS_FD()),
    KVM_SET_CPUID2(NativeHeaders.KVM_SET_CPUID2()),
    KVM_GET_CPUID2(NativeHeaders.KVM_GET_CPUID2()),
    KVM_SET_SIGNAL_MASK(NativeHeaders.KVM_SET_SIGNAL_MASK()),
    KVM_GET_LAPIC(NativeHeaders.KVM_GET_LAPIC()),
    KVM_SET_LAPIC(NativeHeaders.KVM_SET_LAPIC()),
    KVM_GET_MP_STATE(NativeHeaders.KVM_GET_MP_STATE()),
    KVM_SET_MP_STATE(NativeHeaders.KVM_SET_MP_STATE()),
    KVM_GET_VCPU_EVENTS(NativeHeaders.KVM_GET_VCPU_EVENTS()),
    KVM_SET_VCPU_EVENTS(NativeHeaders.KVM_SET_VCPU_EVENTS()),
    KVM_SET_GUEST_DEBUG(NativeHeaders.KVM_SET_GUEST_DEBUG()),
    KVM_TRANSLATE(NativeHeaders.KVM_TRANSLATE()),
    KVM_SET_MSRS(NativeHeaders.KVM_SET_MSRS()),
    KVM_GET_MSRS(NativeHeaders.KVM_GET_MSRS()),
    KVM_GET_TSC_KHZ(NativeHeaders.KVM_GET_TSC_KHZ()),
    KVM_SET_TSC_KHZ(NativeHeaders.KVM_SET_TSC_KHZ());

    /** Where {@code _IOC()} keeps the size of the structure that a request passes: bits 16 to 29. */
    private static final int SIZE_SHIFT = 16;
    private static final int SIZE_MASK = 0x3fff;

    private final long number;

    KvmRequest(long number) {
        // jextract prints _IO() as an int, _IOR and _IOW as a long; as requests they are unsigned 32-bit numbers
        this.number = Integer.toUnsignedLong((int) number);
    }

    @Override
    public long number() {
        return number;
    }

    /** The size in bytes that the number encodes for the structure passed; 0 for an integer argument. */
    int encodedSize() {
        return (int) (number >> SIZE_SHIFT) & SIZE_MASK;
    }
}
