package dev.interject.experiment.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.suite.list.Suite;
import dev.interject.experiment.suite.list.SuiteTest;
import dev.interject.guest.image.Images;

/** Suites over the images of {@code src/test/guest/formats}. */
public final class Suites {

    private Suites() {}

    /** A file beside the images, since a list's images are looked for in its directory. */
    public static Path file(Path directory, String content) {
        try {
            for (Path image : images()) {
                Files.copy(image, directory.resolve(image.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.writeString(directory.resolve("tests.cfg"), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<Path> images() throws IOException {
        try (var files = Files.list(Images.file("elf64").getParent())) {
            return files.toList();
        }
    }

    /** The list that has an image of every format. */
    public static String ofEveryFormat() {
        try {
            return Files.readString(Path.of(Suites.class.getResource("/suite/formats.cfg").getPath()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A test of {@code verdict.S}, whose result the last letter of its command line determines. */
    public static String verdict(String name, String letter) {
        return "[%s]\nfile = verdict.img\ntest_args = '%s'\n".formatted(name, letter);
    }

    static SuitePlan plan(Path file, int jobs) {
        return new SuitePlan(Suite.of(file), Set.of(), Optional.empty(), Optional.of(Hang.AFTER), jobs,
                Optional.empty());
    }

    static SuiteReport run(SuitePlan plan) {
        return SuiteExperiment.run(plan, new Cancellation(), new Ended());
    }

    /** Keeps the order of the results. */
    static final class Ended implements SuiteObserver {

        final List<String> names = new ArrayList<>();

        @Override
        public void begins(SuiteTest test) {
            // only ends are looked at
        }

        @Override
        public void ended(SuiteResult result) {
            names.add(result.test().name());
        }
    }
}
