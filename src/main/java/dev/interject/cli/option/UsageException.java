package dev.interject.cli.option;

import java.util.function.Supplier;

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
     * @throws UsageException with the library's message, where the library refuses the values
     */
    public static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new UsageException(refused.getMessage());
        }
    }

    /** @throws UsageException unless the condition holds */
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new UsageException(message);
        }
    }
}
