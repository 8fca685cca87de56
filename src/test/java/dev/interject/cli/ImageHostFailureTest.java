package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the host refuses while interrupts are injected into an image. */
@RequiresKvm
class ImageHostFailureTest {

    private static final List<String> KVM_FILES = List.of("/dev/kvm", "anon_inode:kvm-vm", "anon_inode:kvm-vcpu:0");
    private static final List<String> VCPU = List.of("anon_inode:kvm-vcpu:0");

    @TempDir
    private Path directory;

    @BeforeAll
    static void straceMustWork() {
        Strace.requireWorking();
    }

    private ChildProcess.Result run(List<String> files, String injection, String command, String... more) {
        String line =
                "%s --image %s --irq 4 --at idle --count 3 --timeout 5m %s".formatted(command, Images.file("sleeps"),
                        String.join(" ", more));
        return Strace.run(directory.resolve("strace.log"), files, injection, Interject.words(line));
    }

    /** Wherever the run is then: its report, if there is one, counts none as lost. */
    @ParameterizedTest
    @CsvSource({"run, 2", "run, 10", "run, 20", "run, 40", "run, 70", "run, 100", "run, 130", "run, 150",
        "trace, 5", "trace, 60", "trace, 140"})
    void failedIoctl_isNamedWithItsErrno(String command, int which) {
        ChildProcess.Result result = run(KVM_FILES, "ioctl:error=ENOMEM:when=" + which, command);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst())
                .matches("interject: KVM_[A-Z0-9_]+: ENOMEM \\(Cannot allocate memory\\)");
        assertThat(result.out()).doesNotContainPattern("lost [1-9]");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 30, 60, 90, 120})
    void vcpuThatFailsDuringTheRun_isAnOutcomeInJson(int which) {
        ChildProcess.Result result = run(VCPU, "ioctl:error=EIO:when=" + which, "run", "--output", "json");
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(report).containsEntry("outcome", "host-unable");
        assertThat((String) report.get("reason")).contains("EIO");
        assertThat(Json.object(report, "ledger")).containsEntry("lost", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "trace"})
    void hostWithoutKvm_isNamedWithAFix(String command) {
        ChildProcess.Result result = run(List.of("/dev/kvm"), "openat:error=ENOENT", command);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst())
                .isEqualTo("interject: open /dev/kvm: ENOENT (No such file or directory)");
        assertThat(result.errLines().getLast()).startsWith("  fix: ");
    }
}
