package dev.interject.kvm.state;

/** The state of one 8259 in the kernel ({@code struct kvm_pic_state}, api.rst 4.26); each field is an unsigned byte. */
public record PicRegisters(int lastIrr, int irr, int imr, int isr, int priorityAdd, int irqBase, int readRegSelect,
        int poll, int specialMask, int initState, int autoEoi, int rotateOnAutoEoi, int specialFullyNestedMode,
        int init4, int elcr, int elcrMask) {

    /**
     * Checks that each field is a byte.
     *
     * @throws IllegalArgumentException if one is not
     */
    public PicRegisters {
        Range.check("last_irr", lastIrr, Range.BYTE);
        Range.check("irr", irr, Range.BYTE);
        Range.check("imr", imr, Range.BYTE);
        Range.check("isr", isr, Range.BYTE);
        Range.check("priority_add", priorityAdd, Range.BYTE);
        Range.check("irq_base", irqBase, Range.BYTE);
        Range.check("read_reg_select", readRegSelect, Range.BYTE);
        Range.check("poll", poll, Range.BYTE);
        Range.check("special_mask", specialMask, Range.BYTE);
        Range.check("init_state", initState, Range.BYTE);
        Range.check("auto_eoi", autoEoi, Range.BYTE);
        Range.check("rotate_on_auto_eoi", rotateOnAutoEoi, Range.BYTE);
        Range.check("special_fully_nested_mode", specialFullyNestedMode, Range.BYTE);
        Range.check("init4", init4, Range.BYTE);
        Range.check("elcr", elcr, Range.BYTE);
        Range.check("elcr_mask", elcrMask, Range.BYTE);
    }
}
