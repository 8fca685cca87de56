package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit code, standard output, standard error and files of {@code interject trace}. */
@RequiresKvm
class TraceOutputTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trace                                            | 0
            trace --irqchip userspace --count 1              | 0
            trace --guest slow --burst 4 --count 4           | 1
            trace --path vector                              | 2
            trace --guest no-idt --force                     | 4
            trace --guest deaf --count 1 --timeout 700ms     | 5
            """)
    void trace_hasTheExitCodeOfItsRun(String line, int exitCode) {
        ChildProcess.Result text = Interject.type(line);
        ChildProcess.Result json = Interject.type(line + " --output json");

        assertThat(text.exitCode()).as(text.err()).isEqualTo(exitCode);
        assertThat(json.exitCode()).as(json.err()).isEqualTo(exitCode);
        assertThat(text.errLines()).hasSize(exitCode == 0 ? 0 : 1);
        assertThat(text.out()).contains("events recorded, none dropped", "requested", "accepted")
                .doesNotContain("\033");
        assertThat(Json.parseObject(json.out())).containsKeys("traceEvents", "run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace", "trace --irqchip userspace --trigger level", "trace --guest real --irq 3",
        "trace --irqchip userspace --vector 0xff --verbose", "trace --guest deaf --count 1 --timeout 500ms",
        "trace --path vector", "trace --path vector --force", "trace --path nmi --irqchip userspace",
        "trace --path irqfd --trigger level", "trace --irqchip split --path line --trigger level", "trace --path ipi",
        "trace --path pit --count 2", "trace --events 10", "trace --help"})
    void textOfOneVcpu_fitsIn80Columns(String line) {
        assertThat(Interject.type(line).out().lines()).isNotEmpty()
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void text_showsTheEventsOfEachInterruptInOrder() {
        List<String> lines = Interject.type("trace --irqchip userspace --count 2").out().lines().toList();

        assertThat(lines).anyMatch(line -> line.endsWith("host  irqchip  vCPU 0"));
        assertThat(lines.stream().map(line -> line.replaceFirst("^ *-?[0-9.]+ +\\+[0-9.]+ +[|o ]+", "")))
                .containsSubsequence("checks the gates", "gates checked", "injects #1: KVM_INTERRUPT",
                        "handler 0x2a entered, for #1", "OUT to the doorbell: TAKEN 0x2a",
                        "EOI to the slave 8259", "EOI to the master 8259", "handler 0x2a left",
                        "reads the counts", "counts read")
                .containsSubsequence("injects #1: KVM_INTERRUPT", "line 10 low",
                        "INTA: vector 0x2a", "KVM_INTERRUPT 0x2a", "enters the guest (KVM_RUN)",
                        "handler 0x2a entered, for #1", "#1 is acknowledged", "injects #2: KVM_INTERRUPT");
    }

    @Test
    void times_startAtTheFirstInjectionAndAddUp() {
        List<String[]> columns = Interject.type("trace --count 3 --verbose")
                .out()
                .lines()
                .filter(Pattern.compile("^ *-?[0-9.]+ +\\+").asPredicate())
                .map(line -> line.trim().split(" +"))
                .toList();

        assertThat(columns).hasSizeGreaterThan(20);
        double sum = Double.parseDouble(columns.getFirst()[0]);
        for (String[] row : columns) {
            sum += Double.parseDouble(row[1]);
        }
        assertThat(sum).isCloseTo(Double.parseDouble(columns.getLast()[0]),
                Offset.offset(0.06 * columns.size()));
    }

    @Test
    void repetitions_areShownOnceUnlessVerbose() {
        String brief = Interject.type("trace --path pit --count 2").out();
        String verbose = Interject.type("trace --path pit --count 2 --verbose").out();

        assertThat(brief).containsPattern("the same [0-9,]+ times more").contains("(--verbose shows all)");
        assertThat(verbose).doesNotContain("times more").doesNotContain("--verbose");
    }

    @Test
    void longTrace_isCutUnlessVerbose() {
        assertThat(Interject.type("trace --guest slow --burst 100 --count 200").out().lines().count())
                .isLessThan(230);
    }

    @Test
    void droppedEvents_areReported() {
        assertThat(Interject.type("trace --events 12").out())
                .containsPattern("12 events recorded, [0-9]+ later ones dropped \\(--events keeps more\\)");
    }

    @ParameterizedTest
    @CsvSource({"json, '{'", "svg, '<svg '", "text, ''"})
    void file_containsTheTraceAndStandardOutputNamesIt(String format, String start) throws IOException {
        Path file = directory.resolve("trace");
        ChildProcess.Result result =
                Interject.run("trace", "--count", "2", "--output", format, "--file", file.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(file)).startsWith(start).hasSizeGreaterThan(1000);
        assertThat(result.out()).matches(Pattern.quote(file.toString()) + ": [0-9]+ events recorded, none dropped\n");
    }

    @Test
    void refusedTrace_keepsTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("trace"), "an earlier trace");

        ChildProcess.Result result =
                Interject.run("trace", "--irq", "2", "--output", "json", "--file", file.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(file).hasContent("an earlier trace");
        assertThat(result.out()).contains("\"refused\"");
    }

    @Test
    void fileThatCannotBeWritten_isOneClearLine() {
        ChildProcess.Result result = Interject.type("trace --file /dev/full");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errLines()).containsExactly(
                "interject: cannot write to /dev/full: No space left on device");
    }
}
