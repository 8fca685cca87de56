package dev.interject.device;

/**
 * Everything that one 8259A remembers, field by field as KVM's {@code struct kvm_pic_state} has it.
 *
 * <p>
 * An 8-bit register has a bit for each level, IR0 in bit 0.
 *
 * @param lastIrr            the lines as they were last seen, for telling an edge
 * @param irr                the interrupt request register: levels that ask for service
 * @param imr                the interrupt mask register: levels that are not let through
 * @param isr                the in-service register: levels acknowledged and not yet ended
 * @param priorityAdd        the level of the highest priority, 0 to 7; 0 unless rotated
 * @param irqBase            the vector of IR0, a multiple of 8
 * @param readRegSelect      whether the command port reads the ISR (true) or the IRR (false)
 * @param poll               whether the next read is a poll
 * @param specialMask        whether special mask mode is set
 * @param initState          the word that the data port expects: 0 OCW1, 1 ICW2, 2 ICW3, 3 ICW4
 * @param autoEoi            whether acknowledging a level ends it at once (AEOI)
 * @param rotateOnAutoEoi    whether such an end rotates priorities as well
 * @param specialFullyNested whether special fully nested mode is set
 * @param init4              IC4 of the last ICW1: its sequence has an ICW4
 * @param elcr               the edge/level control register: levels that are level triggered
 * @param elcrMask           the bits of the ELCR that can be set
 */
public record PicState(int lastIrr, int irr, int imr, int isr, int priorityAdd, int irqBase, boolean readRegSelect,
        boolean poll, boolean specialMask, int initState, boolean autoEoi, boolean rotateOnAutoEoi,
        boolean specialFullyNested, boolean init4, int elcr, int elcrMask) {

    /**
     * Checks that an 8259A can be in that state.
     *
     * @throws IllegalArgumentException if a field is outside the range given above
     */
    public PicState {
        requireBits(lastIrr, 0xff, "lastIrr");
        requireBits(irr, 0xff, "irr");
        requireBits(imr, 0xff, "imr");
        requireBits(isr, 0xff, "isr");
        requireBits(priorityAdd, 0x07, "priorityAdd");
        requireBits(irqBase, 0xf8, "irqBase");
        requireBits(initState, 0x03, "initState");
        requireBits(elcr, 0xff, "elcr");
        requireBits(elcrMask, 0xff, "elcrMask");
    }

    /** The same with these lines high. */
    public PicState withLinesHigh(int value) {
        return new PicState(value, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with these levels asking. */
    public PicState withIrr(int value) {
        return new PicState(lastIrr, value, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with these levels masked. */
    public PicState withImr(int value) {
        return new PicState(lastIrr, irr, value, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with these levels in service. */
    public PicState withIsr(int value) {
        return new PicState(lastIrr, irr, imr, value, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with another level on top, 0–7. */
    public PicState withTopPriority(int value) {
        return new PicState(lastIrr, irr, imr, isr, value, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with special mask mode set or clear. */
    public PicState withSpecialMask(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, value, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with automatic EOI or without. */
    public PicState withAutoEoi(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                value, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** The same with special fully nested mode or without. */
    public PicState withSpecialFullyNested(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, value, init4, elcr, elcrMask);
    }

    /** The same with these levels level triggered. */
    public PicState withElcr(int value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, value, elcrMask);
    }

    private static void requireBits(int value, int allowed, String field) {
        if ((value & ~allowed) != 0) {
            throw new IllegalArgumentException(
                    "%s is 0x%x, but has only the bits 0x%x".formatted(field, value, allowed));
        }
    }
}
