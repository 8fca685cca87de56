package dev.interject.experiment;

/** A value that a plan cannot have. The message names it as the plan does; a user interface may name it otherwise. */
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String name;
    private final String complaint;

    /**
     * @param name      of the plan's component, such as {@code vcpus}
     * @param complaint what it must be, such as {@code must be above 0}
     */
    public InvalidValueException(String name, String complaint) {
        super(name + " " + complaint);
        this.name = name;
        this.complaint = complaint;
    }

    /** @throws InvalidValueException unless the value is within these bounds, which belong to them */
    public static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidValueException(name, "must be %d to %d, not %d".formatted(least, most, value));
        }
    }

    /** The component's name. */
    public String name() {
        return name;
    }

    /** What the value must be. */
    public String complaint() {
        return complaint;
    }
}
