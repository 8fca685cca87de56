package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Standard output to which writes fail. */
@RequiresKvm
class OutputFailureTest {

    @ParameterizedTest
    @CsvSource({"run", "run --output json", "run --output junit", "trace", "trace --output json", "trace --output svg",
        "guests", "guests --output json", "--help",
        "run --help", "--version"})
    void fullDisk_isOneClearLine(String line) {
        ChildProcess.Result result =
                ChildProcess.run(Interject.commandInShell("exec \"$@\" > /dev/full", line.split(" ")));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("interject: cannot write to standard output");
    }

    @ParameterizedTest
    @CsvSource({"run", "run --output json", "guests", "--help"})
    void closedStandardOutput_isOneClearLine(String line) {
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell("exec \"$@\" >&-", line.split(" ")));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("interject: cannot write to standard output");
    }

    @Test
    void closedPipe_isOneClearLine() {
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell(
                "{ \"$@\"; echo $? >&2; } | true", "run", "--interval", "300ms", "--output", "json"));

        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).startsWith("interject: cannot write to standard output");
        assertThat(result.errLines().getLast()).isEqualTo("3");
    }

    @Test
    void closedStandardError_changesNoExitCode() {
        ChildProcess.Result result =
                ChildProcess.run(Interject.commandInShell("exec \"$@\" 2>&-", "run", "--irq", "2"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).contains("Ledger");
    }
}
