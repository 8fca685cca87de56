package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./interject} in a built checkout: what it makes for a quick start, and when it does so again. */
class LauncherIT {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();

    /** With a space in its path. */
    @TempDir
    private Path directory;

    private Path checkout;

    @BeforeEach
    void copyWhatHasBeenBuilt() throws IOException {
        checkout = Files.createDirectories(directory.resolve("a checkout"));
        Files.createDirectories(checkout.resolve("target"));
        for (String part : List.of("interject", "scripts", "target/interject.jar", "target/lib")) {
            List<String> copy =
                    List.of("cp", "-a", CHECKOUT.resolve(part).toString(), checkout.resolve(part).toString());
            assertThat(ChildProcess.run(copy).exitCode()).as(part).isZero();
        }
    }

    /** JUnit would warn of each that leads out of its directory. */
    @AfterEach
    void deleteSymbolicLinks() {
        ChildProcess.run(List.of("find", directory.toString(), "-type", "l", "-delete"));
    }

    private ChildProcess.Result launch() {
        ChildProcess.Result result =
                ChildProcess.run(List.of("env", "JAVA_HOME=" + System.getProperty("java.home"),
                        checkout.resolve("interject").toString(), "lines", "--output", "json"));
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("[");
        return result;
    }

    private FileTime linkedAt() throws IOException {
        return Files.getLastModifiedTime(checkout.resolve("target/linked/bin/interject"));
    }

    @Test
    void firstStart_makesAProgramFolder_andTheNextUsesIt() throws IOException {
        launch();
        FileTime first = linkedAt();
        launch();

        assertThat(checkout.resolve("target/linked/lib")).isDirectoryContaining("glob:**/interject.{aot,jsa}");
        assertThat(linkedAt()).isEqualTo(first);
    }

    /** The JVM encodes names in the encoding of the locale; C has only ASCII. */
    @Test
    void checkoutInAFolderWithANameInUtf8_runsInTheLocaleC() {
        String script = "mv '%s' '%s'/$'jos\\303\\251' && cd '%2$s'/jos* && ./interject lines && ./interject lines"
                .formatted(checkout, directory);

        ChildProcess.Result result = ChildProcess.run(List.of("env", "-i", "PATH=" + System.getenv("PATH"),
                "JAVA_HOME=" + System.getProperty("java.home"), "LC_ALL=C", "bash", "-c",
                script + " && rm -rf target/linked"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void newerJar_isLinkedAgain() throws IOException {
        launch();
        FileTime first = linkedAt();
        Files.setLastModifiedTime(checkout.resolve("target/interject.jar"), FileTime.from(Instant.now()));

        launch();

        assertThat(linkedAt()).isGreaterThan(first);
    }

    @Test
    void incompleteFolder_isMadeAgain() throws IOException {
        launch();
        Files.delete(checkout.resolve("target/linked/linked"));
        Files.delete(checkout.resolve("target/linked/lib/copied"));
        Files.delete(checkout.resolve("target/linked/lib/interject.jar"));

        launch();

        assertThat(checkout.resolve("target/linked/linked")).exists();
    }

    /** As if the disk were full. It is not tried again at every start. */
    @Test
    void folderThatCannotBeMade_isNotTriedAtEveryStart() throws IOException {
        Files.writeString(checkout.resolve("target/linked"), "not a folder");
        launch();
        FileTime failed = Files.getLastModifiedTime(checkout.resolve("target/linked.failed"));

        launch();

        assertThat(Files.getLastModifiedTime(checkout.resolve("target/linked.failed"))).isEqualTo(failed);
    }
}
