package dev.interject.experiment.suite;

import java.io.IOException;
import java.io.InputStream;
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

    private static final int MOST_BYTES = 4 << 10;

    /** Checks that nothing is missing. */
    public Precondition {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(value, "value");
    }

    /** Whether it is a regular file, as those of sysfs are, of at most 4 KiB with that content now. */
    public boolean isMet() {
        if (!Files.isRegularFile(file)) { // a device or a pipe might never end
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            return content.length <= MOST_BYTES
                    && new String(content, StandardCharsets.ISO_8859_1).strip().equals(value);
        } catch (IOException missing) {
            return false;
        }
    }
}
