package dev.interject.cli.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.suite.Suites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteCommandTest {

    private static final String IN_THE_FOREGROUND = "exec env --default-signal=INT,TERM \"$@\"";

    @TempDir
    private Path directory;

    private String mixed() {
        return Suites.file(directory, Suites.verdict("good", "0") + Suites.verdict("bad#1", "1")
                + Suites.verdict("none", "V") + Suites.verdict("late", "h") + "timeout = 2s\n"
                + Suites.verdict("old", "0") + "arch = i386\n").toString();
    }

    @Test
    @RequiresKvm
    void text_hasALineForEachTest() {
        ChildProcess.Result result = Interject.run("suite", mixed());
        List<String> lines = result.out().lines().toList();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).matches("PASS     good   +[0-9.]+ s");
        assertThat(lines.get(1)).matches("FAIL     bad#1  +[0-9.]+ s  exit code 3; FAIL 1");
        assertThat(lines.get(2)).matches("SKIP     none   +[0-9.]+ s  the guest skipped all");
        assertThat(lines.get(3)).matches("TIMEOUT  late   +[0-9.]+ s  after 2 s: vCPU 0 is at .*");
        assertThat(lines.get(4)).matches("SKIP     old    +is for arch i386, not x86_64");
        assertThat(lines.get(5)).matches("1 passed, 1 failed, 1 timed out, 2 skipped, in [0-9.]+ m?s");
        assertThat(result.err()).isEqualTo("interject: 2 of 5 tests failed: bad#1, late\n");
    }

    @Test
    @RequiresKvm
    void nothingFailed_isSuccess() {
        ChildProcess.Result result = Interject.run("suite", mixed(), "good", "old", "none");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    @RequiresKvm
    void tap_hasThePlanAndAPointForEachTest() {
        ChildProcess.Result result = Interject.run("suite", mixed(), "--output", "tap");

        assertThat(result.out()
                .lines()
                .map(line -> line.replaceAll("(duration_ms: )\\d+", "$1N")
                        .replaceAll("after 2 s:.*", "after 2 s\"")))
                .containsExactly(
                        "TAP version 13", "1..5",
                        "ok 1 - good", "  ---", "  duration_ms: N", "  ...",
                        "not ok 2 - bad\\#1", "  ---", "  message: \"exit code 3; FAIL 1\"", "  severity: fail",
                        "  duration_ms: N", "  ...",
                        "ok 3 - none # SKIP the guest skipped all",
                        "not ok 4 - late", "  ---", "  message: \"after 2 s\"", "  severity: timeout",
                        "  duration_ms: N", "  ...",
                        "ok 5 - old # SKIP is for arch i386, not x86_64");
    }

    @Test
    @RequiresKvm
    void json_hasCountsAndTests() {
        Map<String, Object> report = Json.parseObject(Interject.run("suite", mixed(), "--output", "json").out());

        assertThat(report).containsEntry("outcome", "failed")
                .containsEntry("pass", 1L)
                .containsEntry("fail", 1L)
                .containsEntry("skip", 2L)
                .containsEntry("timeout", 1L)
                .containsEntry("notRun", List.of());
        assertThat(Json.objects(report, "tests")).extracting(test -> test.get("result"))
                .containsExactly("pass", "fail", "skip", "timeout", "skip");
        assertThat(Json.objects(report, "tests").get(1)).containsEntry("exitCode", 3L)
                .containsEntry("reason", "exit code 3; FAIL 1");
    }

    @Test
    @RequiresKvm
    void logs_haveConsoleAndVcpus() throws IOException {
        Path logs = directory.resolve("logs");
        Interject.run("suite", mixed(), "--logs", logs.toString());

        assertThat(logs.resolve("good.log")).hasContent("0\n");
        assertThat(Files.readString(logs.resolve("late.log"))).contains("\nafter 2 s: ", "vCPU 0, in protected mode");
        assertThat(logs.resolve("old.log")).doesNotExist();
    }

    @Test
    @RequiresKvm
    void outputThatCannotBeWritten_endsWhatRuns() {
        String file = Suites.file(directory, Suites.verdict("first", "0") + Suites.verdict("second", "h")
                + "timeout = 0\n" + Suites.verdict("third", "h") + "timeout = 0\n").toString();

        ChildProcess.Result result =
                ChildProcess.run(Interject.commandInShell("exec \"$@\" > /dev/full", "suite", file, "--jobs", "2"));

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("standard output");
    }

    @Test
    @RequiresKvm
    void ctrlC_reportsWhatRan() {
        String file = Suites.file(directory, Suites.verdict("first", "0") + Suites.verdict("second", "h")
                + "timeout = 0\n" + Suites.verdict("third", "0")).toString();
        Path logs = directory.resolve("logs");
        try (ChildProcess child = ChildProcess.start(Interject.commandInShell(IN_THE_FOREGROUND, "suite", file,
                "--output", "json", "--logs", logs.toString()))) {
            Hang.orUntil(() -> Files.exists(logs.resolve("second.log")));
            ChildProcess.run(List.of("kill", "-INT", Long.toString(child.pid())));
            ChildProcess.Result result = child.result();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
            assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted")
                    .containsEntry("pass", 1L)
                    .containsEntry("notRun", List.of("second", "third"));
            assertThat(result.err()).isEqualTo("interject: interrupted by the user: 1 of 3 tests ended\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/no/such/file | cannot read /no/such/file: no such file",
        "pom.xml | pom.xml, line 1: the line is neither [name] nor key = value",
        "docs | cannot read docs: not a file"})
    void listThatCannotBeRead_isRefusedInTwoLines(String file, String what) {
        ChildProcess.Result result = Interject.runHere("suite", file);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSize(2).first().isEqualTo("interject: " + what);
        assertThat(result.errLines().getLast()).startsWith("  fix: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--jobs 0 | --jobs must be 1 to 64, not 0", "--timeout 0 | --timeout must be above 0",
        "--group nope | --group must be empty: no test has a group", "nope | has no test 'nope'",
        "--logs /dev/null/a | --logs /dev/null/a: cannot make the directory"})
    void wrongOption_isAUsageError(String options, String what) {
        ChildProcess.Result result = Interject.typeHere("suite " + mixed() + " " + options);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(what, "see: interject suite --help");
    }

    /** In the locale C, file names are ASCII. */
    @Test
    void nameThatNoFileHas_isAUsageErrorWithLogs() {
        String file = Suites.file(directory, Suites.verdict("z\u00e4hler", "0")).toString();

        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell("exec env LC_ALL=C \"$@\"",
                "suite", file, "--logs", directory.resolve("logs").toString()));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--logs cannot have a file for test 'z").doesNotContain("\tat ");
    }

    @Test
    void namesOutsideTheGroup_areAUsageError() {
        String file = Suites.file(directory, Suites.verdict("good", "0") + "groups = one\n"
                + Suites.verdict("bad", "1")).toString();

        ChildProcess.Result result = Interject.runHere("suite", file, "bad", "--group", "one");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--group must have a test that is named: one has none of bad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "tap", "junit", "json"})
    void whatAListHas_neitherControlsTheTerminalNorFillsIt(String format) {
        String list = Suites.file(directory, Suites.verdict("old", "0") + "arch = \033]0;title\007\n").toString();

        ChildProcess.Result result = Interject.runHere("suite", list, "--output", format);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out() + result.err()).doesNotContain("\033", "\007");
        assertThat(result.out()).contains("]0;title");
    }
}
