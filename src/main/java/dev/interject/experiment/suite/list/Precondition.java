package dev.interject.experiment.suite.list;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.interject.linux.SmallFile;

/**
 * A file of the host that must have a certain content, such as a parameter of a kernel module.
 *
 * @param value the content without its line end
 */
public record Precondition(Path file, String value) {

    private static final int MOST_BYTES = 4 << 10;

    /** Checks that nothing is missing. */
    public Precondition {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(value, "value");
    }

    /** Whether it is a regular file, as those of sysfs are, of at most 4 KiB with that content now. */
    public boolean isMet() {
        return Files.isRegularFile(file) // to open a device may do something
                && SmallFile.read(file, MOST_BYTES)
                        .filter(content -> new String(content, StandardCharsets.ISO_8859_1).strip().equals(value))
                        .isPresent();
    }
}
