package dev.interject.device;

/**
 * Which word an 8259A expects at its data port (A0 = 1).
 *
 * <p>
 * ICW1 starts the sequence whatever the state; the others follow in order, those that ICW1 ruled out left away. A
 * constant's ordinal is the number that KVM and QEMU call {@code init_state}.
 */
enum InitializationState {

    /** The chip is initialized: the data port is OCW1, the interrupt mask. */
    READY,
    /** ICW1 was written: the base vector comes next. */
    ICW2,
    /** ICW2 was written: how the chips are cascaded comes next. */
    ICW3,
    /** The modes come next, and end the sequence. */
    ICW4;

    private static final InitializationState[] ALL = values();

    static InitializationState numbered(int number) {
        return ALL[number];
    }

    /**
     * Returns the state after one more word.
     *
     * @param single    SNGL of ICW1: no other 8259A, so no ICW3
     * @param icw4Comes IC4 of ICW1: there will be an ICW4
     */
    InitializationState next(boolean single, boolean icw4Comes) {
        return switch (this) {
            case READY -> READY;
            case ICW2 -> single ? afterIcw3(icw4Comes) : ICW3;
            case ICW3 -> afterIcw3(icw4Comes);
            case ICW4 -> READY;
        };
    }

    private static InitializationState afterIcw3(boolean icw4Comes) {
        return icw4Comes ? ICW4 : READY;
    }
}
