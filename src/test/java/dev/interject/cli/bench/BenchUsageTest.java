package dev.interject.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that {@code bench} refuses, and what it reports as missing. */
class BenchUsageTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bench --count 0                       | --count must be 1 to
            bench --rounds 0                      | --rounds must be 1 to
            bench --rounds many                   | 'many' is not a number
            bench --path pit                      | bench has no path pit
            bench --path lapic-timer              | there is nothing to measure
            bench --irqchip userspace --path msi  | bench has no path msi on irqchip userspace
            bench --path msi --measure kick       | kick, window and restore need the 8259s
            bench --path msi --measure restore    | kick, window and restore need the 8259s
            bench --measure restore --vcpu busy   | start and restore a halted one
            bench --measure window --vcpu halted  | window a busy vCPU
            bench --vcpu asleep                   | asleep
            bench --vms 2 --vcpu busy             | --vms goes with
            bench --measure speed                 | speed
            bench --output junit                  | junit
            bench --vms 0                         | --vms must be 1 to
            bench --vms 9999                      | --vms must be 1 to
            bench --vms 2 --reference             | --vms goes with
            bench --vms 2 --path line             | --vms goes with
            bench --vms 2 --output svg            | --vms has no picture
            bench --baseline /nowhere/before.json | there is no such file
            bench --file /no/where/bench.txt      | --file /no/where/bench.txt: no such directory
            bench --file /                        | --file /: is a directory
            bench --baseline /                    | not a result of bench
            bench --baseline /dev/zero            | not a result of bench
            """)
    void wrongUsage_isReportedInAtMostTwoLines(String line, String said) {
        ChildProcess.Result result = Interject.type(line);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSizeBetween(1, 2);
        assertThat(result.err()).contains(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "nonsense", "{\"kind\": \"another\", \"rows\": []}", "{\"kind\": \"interject",
                "{\"kind\": \"interject bench\", \"rows\": [{\"nanos\": {\"kick\": {\"p50\": \"soon\"}}}]}"})
    void baselineOfSomethingElse_isRefused(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("before.json"), content);

        ChildProcess.Result result = Interject.type("bench --baseline " + file);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.errLines()).hasSizeBetween(1, 2);
        assertThat(result.err()).contains("not a result of bench --output json");
    }

    /** White space is valid JSON: only the limit ends this. */
    @Test
    void endlessBaseline_isRefused() {
        ChildProcess.Result result = ChildProcess.run(
                Interject.commandInShell("yes ' ' | exec \"$@\"", "bench", "--baseline", "/dev/stdin"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.err()).contains("not a result of bench --output json");
    }

    @Test
    @RequiresKvm
    void referenceWithoutAPlaceForItsFiles_hasTheFixForThat() {
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell(
                "export TMPDIR=/proc/self; exec \"$@\"", "bench", "--reference", "--path", "line"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).contains("the C reference cannot be built: /proc/self");
        assertThat(result.errLines().getLast()).startsWith("  fix: set TMPDIR to a directory");
    }

    @Test
    @RequiresKvm
    void referenceThatFindsNoSpace_hasTheFixForThat() throws IOException {
        compiler("echo 'cc1: fatal error: error writing to x.s: No space left on device' >&2; exit 1");

        ChildProcess.Result result = ChildProcess.run(withCompiler());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines().getLast()).startsWith("  fix: set TMPDIR to a directory");
    }

    @Test
    @RequiresKvm
    void benchEndedWhileTheReferenceIsCompiled_leavesNothing() throws IOException {
        compiler("touch \"$TMPDIR/cc1.s\"; sh -c 'echo $$ > %s/started; exec sleep 60m'".formatted(directory));
        Path temporary = directory.resolve("tmp");
        Path started = directory.resolve("started");
        try (ChildProcess child = ChildProcess.start(withCompiler())) {
            Hang.orUntil(() -> Files.exists(started) && started.toFile().length() > 1);

            ChildProcess.run(List.of("kill", "-TERM", Long.toString(child.pid())));
            ChildProcess.Result result = child.result();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(143);
            assertThat(temporary).isEmptyDirectory();
            assertThat(ProcessHandle.of(Long.parseLong(Files.readString(started).strip()))).isEmpty();
        }
    }

    private void compiler(String script) throws IOException {
        Files.createDirectory(directory.resolve("tmp"));
        Path compiler = Files.writeString(directory.resolve("cc"), "#!/bin/sh\n" + script + "\n");
        assertThat(compiler.toFile().setExecutable(true)).isTrue();
    }

    private List<String> withCompiler() {
        return Interject.commandInShell("export TMPDIR=%1$s/tmp PATH=%1$s:$PATH; exec env --default-signal=TERM \"$@\""
                .formatted(directory), "bench", "--reference", "--path", "line");
    }

    @Test
    @RequiresKvm
    void referenceWithoutACompiler_isUnsupportedAndHasAFix() {
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell(
                "export PATH=/nonexistent; exec \"$@\"", "bench", "--reference", "--path", "line"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSizeBetween(1, 2);
        assertThat(result.err()).contains("C compiler").contains("apt-get install gcc libc6-dev");
    }
}
