package dev.interject.device;

/**
 * The command word that an 8259A expects at its data port (A0 = 1).
 *
 * <p>
 * ICW1 starts the sequence in any state. The other words follow in order, without those that ICW1 omits. A constant's
 * ordinal is the {@code init_state} of KVM and QEMU.
 */
enum InitializationState {

    /** No initialization is under way: the data port is OCW1, the interrupt mask. */
    READY,
    /** The base vector. */
    ICW2,
    /** How the chips are cascaded. */
    ICW3,
    /** The modes; the last word of the sequence. */
    ICW4;

    private static final InitializationState[] ALL = values();

    static InitializationState numbered(int number) {
        return ALL[number];
    }

    /**
     * Returns the state after this word was written.
     *
     * @param single SNGL of ICW1: there is no ICW3
     * @param icw4   IC4 of ICW1: there is an ICW4
     */
    InitializationState next(boolean single, boolean icw4) {
        return switch (this) {
            case READY -> READY;
            case ICW2 -> single ? afterIcw3(icw4) : ICW3;
            case ICW3 -> afterIcw3(icw4);
            case ICW4 -> READY;
        };
    }

    private static InitializationState afterIcw3(boolean icw4) {
        return icw4 ? ICW4 : READY;
    }
}
