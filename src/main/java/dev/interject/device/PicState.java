package dev.interject.device;

/**
 * The state of one 8259A, with the fields of KVM's {@code struct kvm_pic_state}.
 *
 * <p>
 * An 8-bit register has a bit for each level, IR0 in bit 0.
 *
 * @param lastIrr            the current line levels, to detect edges
 * @param irr                the interrupt request register: levels that request service
 * @param imr                the interrupt mask register: levels that are masked
 * @param isr                the in-service register: levels acknowledged and not yet ended
 * @param priorityAdd        the level of the highest priority, 0 to 7; 0 unless rotated
 * @param irqBase            the vector of IR0, a multiple of 8
 * @param readRegSelect      whether the command port reads the ISR (true) or the IRR (false)
 * @param poll               whether the next read is a poll
 * @param specialMask        whether special mask mode is set
 * @param initState          the command word that the data port expects: 0 OCW1, 1 ICW2, 2 ICW3, 3 ICW4
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

    /** The master's lines that a PC lets be level triggered: not timer, keyboard and cascade (IR0 to IR2). */
    public static final int LEVEL_LINES_OF_MASTER = 0xf8;
    /** The slave's: not the clock (IRQ 8) and the coprocessor (IRQ 13). */
    public static final int LEVEL_LINES_OF_SLAVE = 0xde;
    /** The bits of a vector that an 8259's base has. */
    public static final int BASE_BITS = 0xf8;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if a field is outside the range given above
     */
    public PicState {
        requireBits(lastIrr, 0xff, "lastIrr");
        requireBits(irr, 0xff, "irr");
        requireBits(imr, 0xff, "imr");
        requireBits(isr, 0xff, "isr");
        requireBits(priorityAdd, 0x07, "priorityAdd");
        requireBits(irqBase, BASE_BITS, "irqBase");
        requireBits(initState, 0x03, "initState");
        requireBits(elcr, 0xff, "elcr");
        requireBits(elcrMask, 0xff, "elcrMask");
    }

    /** This state with these lines high. */
    public PicState withLinesHigh(int value) {
        return new PicState(value, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with these levels requesting service. */
    public PicState withIrr(int value) {
        return new PicState(lastIrr, value, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with these levels masked. */
    public PicState withImr(int value) {
        return new PicState(lastIrr, irr, value, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with these levels in service. */
    public PicState withIsr(int value) {
        return new PicState(lastIrr, irr, imr, value, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with another vector of IR0, a multiple of 8. */
    public PicState withBase(int value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, value, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with rotation at each automatic EOI on or off. */
    public PicState withRotateOnAutoEoi(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, value, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with another level of the highest priority, 0–7. */
    public PicState withTopPriority(int value) {
        return new PicState(lastIrr, irr, imr, isr, value, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with special mask mode on or off. */
    public PicState withSpecialMask(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, value, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with automatic EOI on or off. */
    public PicState withAutoEoi(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                value, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    /** This state with special fully nested mode on or off. */
    public PicState withSpecialFullyNested(boolean value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, value, init4, elcr, elcrMask);
    }

    /** This state with these levels level triggered. */
    public PicState withElcr(int value) {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask, initState,
                autoEoi, rotateOnAutoEoi, specialFullyNested, init4, value, elcrMask);
    }

    private static void requireBits(int value, int allowed, String field) {
        if ((value & ~allowed) != 0) {
            throw new IllegalArgumentException(
                    "%s must have no bits other than 0x%x, not 0x%x".formatted(field, allowed, value));
        }
    }
}
