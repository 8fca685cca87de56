package dev.interject.experiment.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file of the host that must have a certain content, such as a parameter of a kernel module.
 *
 * @param value the content without its line end
 */
public record Precondition(Path file, String value) {

    /** Checks that nothing is missing. */
    public Precondition {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(value, "value");
    }

    /** Whether the file has that content now. */
    public boolean isMet() {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip().equals(value);
        } catch (IOException missing) {
            return false;
        }
    }
}
