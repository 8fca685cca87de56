package dev.interject.experiment.plan;

/** Checks that the numbers of a plan are in their ranges. */
final class Range {

    private Range() {}

    /** @throws IllegalArgumentException unless the value is from {@code least} to {@code most} */
    static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must be %d to %d, not %d".formatted(name, least, most, value));
        }
    }
}
