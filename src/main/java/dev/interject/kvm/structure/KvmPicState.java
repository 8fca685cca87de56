package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_pic_state;
import dev.interject.device.PicState;

/** Reads and writes {@code struct kvm_pic_state}. */
public final class KvmPicState {

    private KvmPicState() {}

    public static PicState read(MemorySegment pic) {
        return new PicState(unsigned(kvm_pic_state.last_irr(pic)), unsigned(kvm_pic_state.irr(pic)),
                unsigned(kvm_pic_state.imr(pic)), unsigned(kvm_pic_state.isr(pic)),
                unsigned(kvm_pic_state.priority_add(pic)), unsigned(kvm_pic_state.irq_base(pic)),
                kvm_pic_state.read_reg_select(pic) != 0, kvm_pic_state.poll(pic) != 0,
                kvm_pic_state.special_mask(pic) != 0, unsigned(kvm_pic_state.init_state(pic)),
                kvm_pic_state.auto_eoi(pic) != 0, kvm_pic_state.rotate_on_auto_eoi(pic) != 0,
                kvm_pic_state.special_fully_nested_mode(pic) != 0, kvm_pic_state.init4(pic) != 0,
                unsigned(kvm_pic_state.elcr(pic)), unsigned(kvm_pic_state.elcr_mask(pic)));
    }

    public static void write(PicState state, MemorySegment pic) {
        kvm_pic_state.last_irr(pic, (byte) state.lastIrr());
        kvm_pic_state.irr(pic, (byte) state.irr());
        kvm_pic_state.imr(pic, (byte) state.imr());
        kvm_pic_state.isr(pic, (byte) state.isr());
        kvm_pic_state.priority_add(pic, (byte) state.priorityAdd());
        kvm_pic_state.irq_base(pic, (byte) state.irqBase());
        kvm_pic_state.read_reg_select(pic, bit(state.readRegSelect()));
        kvm_pic_state.poll(pic, bit(state.poll()));
        kvm_pic_state.special_mask(pic, bit(state.specialMask()));
        kvm_pic_state.init_state(pic, (byte) state.initState());
        kvm_pic_state.auto_eoi(pic, bit(state.autoEoi()));
        kvm_pic_state.rotate_on_auto_eoi(pic, bit(state.rotateOnAutoEoi()));
        kvm_pic_state.special_fully_nested_mode(pic, bit(state.specialFullyNested()));
        kvm_pic_state.init4(pic, bit(state.init4()));
        kvm_pic_state.elcr(pic, (byte) state.elcr());
        kvm_pic_state.elcr_mask(pic, (byte) state.elcrMask());
    }

    private static int unsigned(byte value) {
        return Byte.toUnsignedInt(value);
    }

    private static byte bit(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
