package dev.interject.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.interject.cli.ChildProcess;

/**
 * The image of a small Debian, with bash-completion and man, and without Java. It is made by
 * {@code src/test/debian/make-root} of this machine's own Debian packages, without a registry.
 *
 * @param name what Docker calls it
 */
record Debian(String name) implements AutoCloseable {

    /** Whether this machine has all that the image needs. */
    static boolean canBeMade() {
        return Files.exists(Path.of("/var/lib/dpkg/status"));
    }

    static Debian make() {
        String name = "interject-test-debian:" + ProcessHandle.current().pid();
        ChildProcess.Result made = ChildProcess.run(List.of("sh", "-c", """
                root=$(mktemp) && trap 'rm "$root"' EXIT &&
                src/test/debian/make-root man-db bash-completion > "$root" && docker import "$root" "$0"
                """, name));
        if (made.exitCode() != 0) {
            throw new IllegalStateException("src/test/debian/make-root: " + made.err());
        }
        return new Debian(name);
    }

    @Override
    public void close() {
        ChildProcess.Result removed = ChildProcess.run(List.of("docker", "image", "rm", name));
        if (removed.exitCode() != 0) {
            throw new IllegalStateException("the image is left behind: " + removed.err());
        }
    }
}
