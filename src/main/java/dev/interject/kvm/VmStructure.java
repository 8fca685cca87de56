package dev.interject.kvm;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_clock_data;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_pit_state2;

/** The structures in which KVM passes a part of a VM's state as a whole (api.rst, "VM ioctls"). */
public enum VmStructure {
    /** {@code struct kvm_irqchip} of the master 8259. */
    PIC_MASTER(KvmRequest.KVM_GET_IRQCHIP, KvmRequest.KVM_SET_IRQCHIP, kvm_irqchip.sizeof(),
            NativeHeaders.KVM_IRQCHIP_PIC_MASTER()),
    /** {@code struct kvm_irqchip} of the slave 8259. */
    PIC_SLAVE(KvmRequest.KVM_GET_IRQCHIP, KvmRequest.KVM_SET_IRQCHIP, kvm_irqchip.sizeof(),
            NativeHeaders.KVM_IRQCHIP_PIC_SLAVE()),
    /** {@code struct kvm_irqchip} of the IOAPIC. */
    IOAPIC(KvmRequest.KVM_GET_IRQCHIP, KvmRequest.KVM_SET_IRQCHIP, kvm_irqchip.sizeof(),
            NativeHeaders.KVM_IRQCHIP_IOAPIC()),
    /** {@code struct kvm_pit_state2}. */
    PIT(KvmRequest.KVM_GET_PIT2, KvmRequest.KVM_SET_PIT2, kvm_pit_state2.sizeof(), 0),
    /** {@code struct kvm_clock_data}; needs {@link Capability#KVM_CAP_ADJUST_CLOCK}. */
    CLOCK(KvmRequest.KVM_GET_CLOCK, KvmRequest.KVM_SET_CLOCK, kvm_clock_data.sizeof(), 0);

    private final KvmRequest get;
    private final KvmRequest set;
    private final long bytes;
    private final int chip;

    VmStructure(KvmRequest get, KvmRequest set, long bytes, int chip) {
        this.get = get;
        this.set = set;
        this.bytes = bytes;
        this.chip = chip;
    }

    KvmRequest get() {
        return get;
    }

    KvmRequest set() {
        return set;
    }

    /** What {@code KVM_GET_IRQCHIP} takes in the structure's first field. */
    int chip() {
        return chip;
    }

    /** The ioctl that sets it. */
    public String setter() {
        return set.name();
    }

    /** Its size in bytes. */
    public int bytes() {
        return Math.toIntExact(bytes);
    }
}
