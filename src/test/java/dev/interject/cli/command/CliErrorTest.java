package dev.interject.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a failure means for the user. */
class CliErrorTest {

    /** The message is the JVM's. */
    @Test
    void threadThatCannotBeStarted_isNoLackOfMemory() {
        CliError error = CliError.of(new OutOfMemoryError(
                "unable to create native thread: possibly out of memory or process/resource limits reached"));

        assertThat(error.exitCode()).isEqualTo(3);
        assertThat(error.message()).contains("limit of processes and threads");
        assertThat(error.advice()).contains("ulimit -u", "pids.max").doesNotContain("-Xmx");
    }

    @Test
    void heapThatIsFull_hasTheFixForThat() {
        assertThat(CliError.of(new OutOfMemoryError("Java heap space")).advice()).contains("-Xmx2g");
    }
}
