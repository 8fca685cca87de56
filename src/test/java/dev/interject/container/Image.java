package dev.interject.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.interject.cli.ChildProcess;

/**
 * The container image, made by {@code scripts/build-image} of what Maven has just built.
 *
 * @param name   what Docker calls it
 * @param digest what the script has printed
 */
record Image(String name, String digest) implements AutoCloseable {

    /** A name that no other image has, since the image is removed at the end. */
    private static final String NAME = "interject-test:" + ProcessHandle.current().pid();

    static Image make() {
        return new Image(NAME, build("--tag", NAME));
    }

    /** Builds its archive without loading it into Docker. Returns its digest. */
    static String makeArchive(Path archive) {
        return build("--output", archive.toString());
    }

    private static String build(String... options) {
        // The JDK of the tests. The script must not start Maven, which is running these tests.
        List<String> command = new ArrayList<>(List.of("env", "INTERJECT_JAVA_HOME=" + System.getProperty("java.home"),
                "scripts/build-image", "--no-build"));
        command.addAll(Arrays.asList(options));
        ChildProcess.Result result = ChildProcess.run(command);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("scripts/build-image: " + result.err());
        }
        return result.out().strip();
    }

    @Override
    public void close() {
        ChildProcess.Result removed = ChildProcess.run(List.of("docker", "image", "rm", name));
        if (removed.exitCode() != 0) {
            throw new IllegalStateException("the image is left behind: " + removed.err());
        }
    }
}
