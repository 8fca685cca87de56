package dev.interject.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.cli.ChildProcess;

/**
 * The packages that {@code scripts/package} builds from Maven's output.
 *
 * @param directory where it is
 */
record Packages(Path directory) {

    /** It links a JVM, compresses much, and runs Maven for the list of libraries. */
    private static final Duration PATIENCE = Hang.AFTER.multipliedBy(2);

    static Packages make(Path directory) {
        // The JDK of the tests.
        ChildProcess.Result result = ChildProcess.run(List.of("env",
                "INTERJECT_JAVA_HOME=" + System.getProperty("java.home"), "scripts/package", "--no-build",
                directory.toString()), PATIENCE);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("scripts/package: " + result.err());
        }
        return new Packages(directory);
    }

    /** The names of all files. */
    List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** {@code SHA256SUMS}, which shows whether two builds are the same. */
    String sums() {
        try {
            return Files.readString(directory.resolve("SHA256SUMS"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
