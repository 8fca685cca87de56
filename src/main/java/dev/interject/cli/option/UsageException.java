package dev.interject.cli.option;

import java.util.Locale;
import java.util.function.Supplier;

import dev.interject.experiment.InvalidValueException;

/** Options that picocli accepted one by one, but that are wrong in their range or together. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The message names the options as the user types them, or the library's values. */
    public UsageException(String message) {
        super(message);
    }

    /**
     * What the supplier makes.
     *
     * @throws UsageException where the library refuses the values: with its message, and the option for the value
     */
    public static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (InvalidValueException invalid) {
            throw new UsageException(option(invalid.name()) + " " + invalid.complaint());
        } catch (IllegalArgumentException refused) {
            throw new UsageException(refused.getMessage());
        }
    }

    /** The option for a value: {@code --at-instruction} for {@code atInstruction}. */
    private static String option(String value) {
        return "--" + value.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
    }

    /** @throws UsageException unless the option's value is within these bounds, which belong to them */
    public static void requireWithin(String option, int value, int least, int most) {
        require(value >= least && value <= most,
                "%s must be %d to %d, not %d".formatted(option, least, most, value));
    }

    /** @throws UsageException unless the condition holds */
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new UsageException(message);
        }
    }
}
