package dev.interject.guest.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Files that are built from the folder {@code guest}, on the class path. */
public final class BuiltFile {

    private static final String FOLDER = "/dev/interject/guest/";

    private BuiltFile() {}

    /**
     * Reads one.
     *
     * @param  name                  such as {@code pic.elf}
     * @throws IllegalStateException if it was not built
     */
    public static byte[] read(String name) {
        try (InputStream file = BuiltFile.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalStateException(
                        "the guest image " + name + " is missing; build again with ./mvnw package");
            }
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
