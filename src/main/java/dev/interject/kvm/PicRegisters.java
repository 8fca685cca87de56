package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_pic_state;

/** What the kernel keeps of one 8259 ({@code struct kvm_pic_state}); each component is an unsigned byte. */
public record PicRegisters(int lastIrr, int irr, int imr, int isr, int priorityAdd, int irqBase, int readRegSelect,
        int poll, int specialMask, int initState, int autoEoi, int rotateOnAutoEoi, int specialFullyNestedMode,
        int init4, int elcr, int elcrMask) {

    static PicRegisters read(MemorySegment pic) {
        return new PicRegisters(unsigned(kvm_pic_state.last_irr(pic)), unsigned(kvm_pic_state.irr(pic)),
                unsigned(kvm_pic_state.imr(pic)), unsigned(kvm_pic_state.isr(pic)),
                unsigned(kvm_pic_state.priority_add(pic)), unsigned(kvm_pic_state.irq_base(pic)),
                unsigned(kvm_pic_state.read_reg_select(pic)), unsigned(kvm_pic_state.poll(pic)),
                unsigned(kvm_pic_state.special_mask(pic)), unsigned(kvm_pic_state.init_state(pic)),
                unsigned(kvm_pic_state.auto_eoi(pic)), unsigned(kvm_pic_state.rotate_on_auto_eoi(pic)),
                unsigned(kvm_pic_state.special_fully_nested_mode(pic)), unsigned(kvm_pic_state.init4(pic)),
                unsigned(kvm_pic_state.elcr(pic)), unsigned(kvm_pic_state.elcr_mask(pic)));
    }

    void write(MemorySegment pic) {
        kvm_pic_state.last_irr(pic, (byte) lastIrr);
        kvm_pic_state.irr(pic, (byte) irr);
        kvm_pic_state.imr(pic, (byte) imr);
        kvm_pic_state.isr(pic, (byte) isr);
        kvm_pic_state.priority_add(pic, (byte) priorityAdd);
        kvm_pic_state.irq_base(pic, (byte) irqBase);
        kvm_pic_state.read_reg_select(pic, (byte) readRegSelect);
        kvm_pic_state.poll(pic, (byte) poll);
        kvm_pic_state.special_mask(pic, (byte) specialMask);
        kvm_pic_state.init_state(pic, (byte) initState);
        kvm_pic_state.auto_eoi(pic, (byte) autoEoi);
        kvm_pic_state.rotate_on_auto_eoi(pic, (byte) rotateOnAutoEoi);
        kvm_pic_state.special_fully_nested_mode(pic, (byte) specialFullyNestedMode);
        kvm_pic_state.init4(pic, (byte) init4);
        kvm_pic_state.elcr(pic, (byte) elcr);
        kvm_pic_state.elcr_mask(pic, (byte) elcrMask);
    }

    private static int unsigned(byte value) {
        return Byte.toUnsignedInt(value);
    }
}
