package dev.interject.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Java file of this repository. */
record Source(Path path, List<String> lines) {

    /** Where Maven runs the tests: the repository's root. */
    static final Path ROOT = Path.of("").toAbsolutePath();
    static final Path MAIN = ROOT.resolve("src/main/java/dev/interject");
    static final Path TESTS = ROOT.resolve("src/test/java/dev/interject");
    static final Path BINDINGS = ROOT.resolve("bindings/dev/interject/bindings");

    static List<Source> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().map(Source::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Source read(Path file) {
        try {
            return new Source(ROOT.relativize(file), Files.readAllLines(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Lines in which the pattern is found, as {@code path:number: text}. */
    Stream<String> find(Pattern pattern) {
        return IntStream.range(0, lines.size())
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .mapToObj(i -> "%s:%d: %s".formatted(path, i + 1, lines.get(i).strip()));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
