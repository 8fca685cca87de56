package dev.interject.device;

/** The eight commands of OCW2, in the order of the bits R, SL and EOI. */
enum Ocw2 {

    ROTATE_IN_AUTOMATIC_EOI_CLEAR,
    NON_SPECIFIC_EOI,
    NO_OPERATION,
    SPECIFIC_EOI,
    ROTATE_IN_AUTOMATIC_EOI_SET,
    ROTATE_ON_NON_SPECIFIC_EOI,
    SET_PRIORITY,
    ROTATE_ON_SPECIFIC_EOI;

    private static final Ocw2[] ALL = values();

    /** Returns the command in bits 7 to 5 of OCW2. */
    static Ocw2 of(int value) {
        return ALL[(value >> 5) & 7];
    }

    /** Returns the level in bits 2 to 0 of OCW2, which the specific commands and SET_PRIORITY use. */
    static int level(int value) {
        return value & 7;
    }
}
