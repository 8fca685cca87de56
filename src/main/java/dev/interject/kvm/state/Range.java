package dev.interject.kvm.state;

/** Checks the values of the records in this package. */
final class Range {

    static final int BYTE = 0xff;
    static final int WORD = 0xffff;

    private Range() {}

    /**
     * Checks that a value is in 0 to a largest one.
     *
     * @throws IllegalArgumentException that names it if it is not
     */
    static void check(String name, int value, int largest) {
        if (value < 0 || value > largest) {
            throw new IllegalArgumentException("%s must be 0 to %d, not %d".formatted(name, largest, value));
        }
    }
}
