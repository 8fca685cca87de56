package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_pic_state;
import dev.interject.kvm.state.PicRegisters;

/** Reads and writes {@code struct kvm_pic_state}. */
public final class KvmPicState {

    private KvmPicState() {}

    public static PicRegisters read(MemorySegment pic) {
        return new PicRegisters(unsigned(kvm_pic_state.last_irr(pic)), unsigned(kvm_pic_state.irr(pic)),
                unsigned(kvm_pic_state.imr(pic)), unsigned(kvm_pic_state.isr(pic)),
                unsigned(kvm_pic_state.priority_add(pic)), unsigned(kvm_pic_state.irq_base(pic)),
                unsigned(kvm_pic_state.read_reg_select(pic)), unsigned(kvm_pic_state.poll(pic)),
                unsigned(kvm_pic_state.special_mask(pic)), unsigned(kvm_pic_state.init_state(pic)),
                unsigned(kvm_pic_state.auto_eoi(pic)), unsigned(kvm_pic_state.rotate_on_auto_eoi(pic)),
                unsigned(kvm_pic_state.special_fully_nested_mode(pic)), unsigned(kvm_pic_state.init4(pic)),
                unsigned(kvm_pic_state.elcr(pic)), unsigned(kvm_pic_state.elcr_mask(pic)));
    }

    public static void write(PicRegisters registers, MemorySegment pic) {
        kvm_pic_state.last_irr(pic, (byte) registers.lastIrr());
        kvm_pic_state.irr(pic, (byte) registers.irr());
        kvm_pic_state.imr(pic, (byte) registers.imr());
        kvm_pic_state.isr(pic, (byte) registers.isr());
        kvm_pic_state.priority_add(pic, (byte) registers.priorityAdd());
        kvm_pic_state.irq_base(pic, (byte) registers.irqBase());
        kvm_pic_state.read_reg_select(pic, (byte) registers.readRegSelect());
        kvm_pic_state.poll(pic, (byte) registers.poll());
        kvm_pic_state.special_mask(pic, (byte) registers.specialMask());
        kvm_pic_state.init_state(pic, (byte) registers.initState());
        kvm_pic_state.auto_eoi(pic, (byte) registers.autoEoi());
        kvm_pic_state.rotate_on_auto_eoi(pic, (byte) registers.rotateOnAutoEoi());
        kvm_pic_state.special_fully_nested_mode(pic, (byte) registers.specialFullyNestedMode());
        kvm_pic_state.init4(pic, (byte) registers.init4());
        kvm_pic_state.elcr(pic, (byte) registers.elcr());
        kvm_pic_state.elcr_mask(pic, (byte) registers.elcrMask());
    }

    private static int unsigned(byte value) {
        return Byte.toUnsignedInt(value);
    }
}
