package dev.interject.kvm.state;

/** What the kernel keeps of one 8259 ({@code struct kvm_pic_state}); each component is an unsigned byte. */
public record PicRegisters(int lastIrr, int irr, int imr, int isr, int priorityAdd, int irqBase, int readRegSelect,
        int poll, int specialMask, int initState, int autoEoi, int rotateOnAutoEoi, int specialFullyNestedMode,
        int init4, int elcr, int elcrMask) {}
