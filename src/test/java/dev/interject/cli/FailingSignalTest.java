package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host on which the kick's signal is never consumed, as under a seccomp filter without {@code rt_sigtimedwait}. */
@RequiresKvm
class FailingSignalTest {

    @TempDir
    private Path directory;

    @BeforeAll
    static void straceMustWork() {
        Strace.requireWorking();
    }

    /** Where a pending signal's thread ended, the signal ended the process. */
    @ParameterizedTest
    @CsvSource({"EINVAL, run --count 20", "EINTR, run --count 20", "EINVAL, run --count 20 --irqchip userspace",
        "EINTR, run --count 20 --irqchip userspace", "ENOSYS, explain", "EPERM, run --vcpus 2 --to 1 --path msi"})
    void signalThatIsNeverConsumed_isNamedWithItsErrno(String errno, String line) {
        ChildProcess.Result result = Strace.run(directory.resolve("log"), List.of(),
                "rt_sigtimedwait:error=" + errno, line.split(" "));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).startsWith("interject: sigtimedwait: " + errno + " (");
    }
}
