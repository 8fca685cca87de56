package dev.interject.cli.option;

/** Options that picocli accepted one by one, but that are wrong in their range or together. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The message names the options as the user types them. */
    public UsageException(String message) {
        super(message);
    }

    /** @throws UsageException unless the condition holds */
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new UsageException(message);
        }
    }
}
