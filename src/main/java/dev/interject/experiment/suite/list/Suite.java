package dev.interject.experiment.suite.list;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A list of tests.
 *
 * @param file where it was read
 */
public record Suite(Path file, List<SuiteTest> tests) {

    private static final long MOST_BYTES = 4 << 20;

    /** Copies the list. */
    public Suite {
        Objects.requireNonNull(file, "file");
        tests = List.copyOf(tests);
    }

    /**
     * Reads a file with the format of kvm-unit-tests' {@code unittests.cfg}, or with keys of Interject's own. Names of
     * images are relative to the file.
     *
     * @throws InvalidSuiteException if it cannot be read or understood
     */
    public static Suite of(Path file) {
        List<String> lines;
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidSuiteException("cannot read %s: %s".formatted(file,
                        Files.exists(file) ? "not a file" : "no such file"), "name the file that lists the tests");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new InvalidSuiteException("%s is no list of tests: it has more than 4 MiB".formatted(file),
                        "name the file that lists the tests");
            }
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new InvalidSuiteException("cannot read %s: %s".formatted(file, unreadable.getMessage()),
                    "check who may read it");
        }
        SuiteReader reader = new SuiteReader(file);
        return new Suite(file, SectionParser.parse(file.toString(), lines, SuiteReader.KEYS)
                .stream()
                .map(reader::test)
                .toList());
    }
}
