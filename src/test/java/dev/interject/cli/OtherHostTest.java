package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/other-host}, as far as it starts no host. */
class OtherHostTest {

    private static final String SCRIPT = Path.of("scripts/other-host").toAbsolutePath().toString();

    @TempDir
    private Path directory;

    private static ChildProcess.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT));
        command.addAll(List.of(arguments));
        return ChildProcess.run(command);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                              | no host given",
        "arm -- run                      | there is no host 'arm'",
        "amd                             | no command given",
        "amd run                         | unknown option 'run'",
        "amd --cpus 2 -- run             | unknown option '--cpus'",
        "amd --                          | a command is empty",
        "amd -- run -- -- doctor         | a command is empty",
        "amd --smp                       | --smp needs a value",
        "amd --smp 0 -- run              | --smp takes 1 to 99, not '0'",
        "amd --in no-such-dir -- run     | --in takes a directory, not 'no-such-dir'",
        "intel --smp 2 -- run            | the Intel host has one CPU: omit --smp",
        "amd --timeout soon -- run       | --timeout takes 1 to 999999 seconds, not 'soon'",
        "amd --kernel qemu-system -- run | --kernel takes a package such as linux-image-cloud-amd64, not 'qemu-system'",
        "amd --tests nowhere             | there is no package 'nowhere'",
        "amd --tests NoSuchTest          | there is no test class 'NoSuchTest'",
        "amd --tests -Xmx2g              | --tests takes names and -DNAME=VALUE, not '-Xmx2g'"})
    void wrongArguments_areOneLineAndExitCode2(String arguments, String message) {
        ChildProcess.Result result = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("other-host: " + message + "; usage: scripts/other-host amd|intel ");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void missingTool_isOneLineWithItsPackageAndExitCode3() throws IOException {
        for (String name : List.of("bash", "dirname")) {
            Files.createSymbolicLink(directory.resolve(name), Path.of("/usr/bin", name));
        }

        ChildProcess.Result result =
                ChildProcess.run(List.of("/usr/bin/env", "PATH=" + directory, SCRIPT, "amd", "--", "run"));

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errLines()).singleElement()
                .isEqualTo("other-host: apt-get is missing: apt-get install apt"
                        + " (this script needs Debian, or a container of it)");
    }

    /** A process that keeps the lock permanently, as one that hangs. */
    @Test
    void lockThatIsNotReleased_isOneLineAndExitCode3() throws IOException {
        Path script = Files.createDirectory(directory.resolve("scripts")).resolve("other-host");
        Files.writeString(script,
                Files.readString(Path.of(SCRIPT)).replaceFirst("\npatience=\\d+", "\npatience=1"));
        for (String tool : List.of("apt-get", "dpkg-deb")) {
            Files.createSymbolicLink(directory.resolve(tool), Path.of("/bin/true"));
        }
        Path lock = Files.createDirectories(directory.resolve("target/other-host")).resolve("lock");

        ChildProcess.Result result = ChildProcess.run(List.of("env", "PATH=" + directory + ":/usr/bin:/bin", "flock",
                "--no-fork", lock.toString(), "bash", script.toString(), "amd", "--", "run"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("other-host: another process has locked " + lock)
                .contains("fuser -v");
    }
}
