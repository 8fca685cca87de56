package dev.interject.device;

/**
 * The bits of an 8259A's command words that mean something in a PC, by the data sheet's names.
 *
 * <p>
 * A byte for the command port (A0 = 0) is ICW1 if it has that bit, else OCW3 if it has that one, else {@link Ocw2}. A
 * byte for the data port (A0 = 1) is what {@link InitializationState} says.
 */
final class CommandBits {

    static final int ICW1 = 0x10;
    /** Single: there is no other 8259A, and no ICW3. */
    static final int ICW1_SNGL = 0x02;
    /** There will be an ICW4; without one, its modes are off. */
    static final int ICW1_IC4 = 0x01;

    /** T7 to T3 of the vector; the level makes the rest. */
    static final int ICW2_VECTOR = 0xf8;

    /** Special fully nested mode. */
    static final int ICW4_SFNM = 0x10;
    /** Automatic end of interrupt. */
    static final int ICW4_AEOI = 0x02;

    static final int OCW3 = 0x08;
    /** Enables SMM; without it, special mask mode stays as it is. */
    static final int OCW3_ESMM = 0x40;
    /** Special mask mode, on or off. */
    static final int OCW3_SMM = 0x20;
    /** Poll command: the next read acknowledges. */
    static final int OCW3_P = 0x04;
    /** Enables RIS; without it, the command port reads the register that it read before. */
    static final int OCW3_RR = 0x02;
    /** The command port reads the ISR, or without it the IRR. */
    static final int OCW3_RIS = 0x01;

    private CommandBits() {}
}
