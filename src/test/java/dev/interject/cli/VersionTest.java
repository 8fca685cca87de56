package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.interject.experiment.doctor.HostBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code interject --version}: what a bug report needs. */
class VersionTest {

    private static final Path COMMIT = Path.of("scripts/commit");

    private static String commitOf(Path script) {
        ChildProcess.Result result = ChildProcess.run(List.of(script.toAbsolutePath().toString()));

        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().strip();
    }

    @Test
    void version_namesBuildJavaAndBackEnd() {
        List<String> lines = Interject.run("--version").out().lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("interject \\d+\\.\\d+\\.\\d+\\S*, commit ([0-9a-f]{12}\\+?|unknown)");
        assertThat(lines.get(1)).startsWith("Java " + Runtime.version());
        assertThat(lines.get(2)).isEqualTo(
                "KVM " + HostBackend.ofThisHost().map(HostBackend::toString).orElse("unknown"));
    }

    /** Without the mark of a changed checkout, which may be edited while this runs. */
    @Test
    void commit_isThatOfTheCheckout() {
        String commit = commitOf(COMMIT).replace("+", "");

        assertThat(Interject.run("--version").out()).contains(", commit " + commit);
    }

    @Test
    void commitOutsideACheckout_isUnknown(@TempDir Path archive) throws IOException {
        Path script = Files.createDirectories(archive.resolve("scripts")).resolve("commit");
        Files.copy(COMMIT, script);
        assertThat(script.toFile().setExecutable(true)).isTrue();

        assertThat(commitOf(script)).isEqualTo("unknown");
    }
}
