package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./mvnw} and {@code ./interject} as they build: where they find a JDK, and how a failed build ends. */
class BuildScriptTest {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();
    private static final List<String> DIRECTORIES = List.of("/usr/local/bin", "/usr/bin", "/bin");

    @TempDir
    private Path directory;

    private Path withoutJava;

    /** A PATH with everything but a JDK. */
    @BeforeEach
    void linkAllProgramsButThoseOfAJdk() throws IOException {
        withoutJava = Files.createDirectory(directory.resolve("bin"));
        for (String name : List.of("sh", "bash", "env", "as", "ld", "awk", "basename", "cat", "chmod", "cp", "curl",
                "cut", "dirname", "expr", "find", "flock", "grep", "gzip", "head", "ls", "mkdir", "mktemp", "mv",
                "readlink", "rm", "sed", "sha256sum", "tail", "tar", "touch", "tr", "uname", "unzip", "wget")) {
            for (String place : DIRECTORIES) {
                Path program = Path.of(place, name);
                if (Files.isExecutable(program) && Files.notExists(withoutJava.resolve(name))) {
                    Files.createSymbolicLink(withoutJava.resolve(name), program);
                }
            }
        }
    }

    private ChildProcess.Result run(Path program, String... variablesAndArguments) {
        List<String> command = new ArrayList<>(List.of("env", "-i", "HOME=" + System.getProperty("user.home"),
                "PATH=" + withoutJava));
        List<String> arguments = new ArrayList<>();
        for (String word : variablesAndArguments) {
            (word.contains("=") ? command : arguments).add(word);
        }
        command.add(program.toString());
        command.addAll(arguments);
        return ChildProcess.run(command);
    }

    private void assumeAJdkInAUsualPlace() {
        assumeTrue(run(CHECKOUT.resolve("scripts/find-jdk")).exitCode() == 0, "no JDK 22 in a usual place");
    }

    @Test
    void mavenWithoutJavaOnPath_runsOnTheJdkInAUsualPlace() {
        assumeAJdkInAUsualPlace();
        ChildProcess.Result result = run(CHECKOUT.resolve("mvnw"), "--version");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("Java version: ");
    }

    @Test
    void mavenWithAMissingJavaHome_runsOnTheJdkInAUsualPlace() {
        assumeAJdkInAUsualPlace();
        ChildProcess.Result result = run(CHECKOUT.resolve("mvnw"), "JAVA_HOME=/nowhere", "--version");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("Java version: ");
    }

    @Test
    void checkoutWithAColonInItsPath_isOneLineWithAFix() throws IOException {
        Path checkout = copiedCheckout("a:b");

        ChildProcess.Result result = run(checkout.resolve("interject"), "lines");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).contains("a colon in its path");
    }

    /** 1 would mean that not all interrupts were taken. */
    @Test
    void launcherWhoseBuildFails_exitsWith70() throws IOException {
        Path checkout = copiedCheckout("checkout");
        Path maven = Files.writeString(checkout.resolve("mvnw"), "#!/bin/sh\necho '[ERROR] no network'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();

        ChildProcess.Result result =
                run(checkout.resolve("interject"), "JAVA_HOME=" + System.getProperty("java.home"), "lines");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(70);
        assertThat(result.err()).contains("interject: the build failed:", "[ERROR] no network");
    }

    /** The launcher and its scripts, without a build. */
    private Path copiedCheckout(String name) throws IOException {
        Path checkout = Files.createDirectory(directory.resolve(name));
        for (String part : List.of("interject", "scripts")) {
            ChildProcess.run(List.of("cp", "-a", CHECKOUT.resolve(part).toString(), checkout.toString()));
        }
        return checkout;
    }

    /** A process that keeps the lock permanently, as one that hangs. */
    @Test
    void lockThatIsNotReleased_isOneLineWithAFix() throws IOException {
        Path checkout = copiedCheckout("checkout");
        Path launcher = checkout.resolve("interject");
        Files.writeString(launcher, Files.readString(launcher).replaceFirst("\npatience=\\d+", "\npatience=1"));
        Path lock = Files.createDirectory(checkout.resolve("target")).resolve("launcher.lock");

        ChildProcess.Result result = run(withoutJava.resolve("flock"),
                "JAVA_HOME=" + System.getProperty("java.home"), "--no-fork", lock.toString(), launcher.toString(),
                "lines");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(3);
        assertThat(result.errLines().get(1)).startsWith("interject: another process has locked " + lock);
        assertThat(result.errLines().get(2)).contains("fuser -v " + lock);
    }

    /** Who can open a file can lock it. */
    @Test
    void lock_isTheUsersOwn() throws IOException {
        Path checkout = copiedCheckout("checkout");

        run(checkout.resolve("interject"), "JAVA_HOME=" + System.getProperty("java.home"), "lines");

        assertThat(Files.getPosixFilePermissions(checkout.resolve("target/launcher.lock")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
}
