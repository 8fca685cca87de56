package dev.interject.kvm.state;

import dev.interject.bindings.NativeHeaders;

/** One of the two 8259s in the kernel. */
public enum PicChip {
    /** Lines 0 to 7. */
    MASTER(NativeHeaders.KVM_IRQCHIP_PIC_MASTER()),
    /** Lines 8 to 15, through line 2 of the master. */
    SLAVE(NativeHeaders.KVM_IRQCHIP_PIC_SLAVE());

    private final int number;

    PicChip(int number) {
        this.number = number;
    }

    /** {@code KVM_IRQCHIP_PIC_MASTER} or {@code KVM_IRQCHIP_PIC_SLAVE}. */
    public int number() {
        return number;
    }
}
