package dev.interject.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.cli.ChildProcess;

/**
 * What {@code scripts/package} makes of what Maven has just built.
 *
 * @param directory where it is
 */
record Packages(Path directory) {

    /** A JVM is linked, much is compressed, and Maven is asked for the list of libraries. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    static Packages make(Path directory) {
        // Of the JDK that the tests run on.
        ChildProcess.Result result = ChildProcess.run(List.of("env",
                "INTERJECT_JAVA_HOME=" + System.getProperty("java.home"), "scripts/package", "--no-build",
                directory.toString()), PATIENCE);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("scripts/package: " + result.err());
        }
        return new Packages(directory);
    }

    /** The names of all that was made. */
    List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** {@code SHA256SUMS}, which tells whether two of them are the same. */
    String sums() {
        try {
            return Files.readString(directory.resolve("SHA256SUMS"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
