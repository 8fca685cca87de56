package dev.interject.device;

/**
 * The bits of an 8259A's command words that have an effect in a PC, under the data sheet's names.
 *
 * <p>
 * A byte written to the command port (A0 = 0) is ICW1 if it has bit {@link #ICW1}, else OCW3 if it has bit
 * {@link #OCW3}, else {@link Ocw2}. {@link InitializationState} says what a byte written to the data port (A0 = 1) is.
 */
final class CommandBits {

    static final int ICW1 = 0x10;
    /** Single mode: there is no other 8259A, and no ICW3 follows. */
    static final int ICW1_SNGL = 0x02;
    /** An ICW4 follows; without it, the modes that ICW4 sets are off. */
    static final int ICW1_IC4 = 0x01;

    /** T7 to T3 of the vector; bits 2 to 0 are the level. */
    static final int ICW2_VECTOR = 0xf8;

    /** Special fully nested mode. */
    static final int ICW4_SFNM = 0x10;
    /** Automatic end of interrupt. */
    static final int ICW4_AEOI = 0x02;

    static final int OCW3 = 0x08;
    /** Makes SMM effective; without it, special mask mode does not change. */
    static final int OCW3_ESMM = 0x40;
    /** Special mask mode. */
    static final int OCW3_SMM = 0x20;
    /** Poll command: the next read acknowledges. */
    static final int OCW3_P = 0x04;
    /** Makes RIS effective; without it, the register that the command port reads does not change. */
    static final int OCW3_RR = 0x02;
    /** The command port reads the ISR; without this bit, the IRR. */
    static final int OCW3_RIS = 0x01;

    private CommandBits() {}
}
