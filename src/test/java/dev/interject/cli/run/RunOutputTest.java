package dev.interject.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code interject run} as users and CI see it: exit code, standard output, standard error. */
@RequiresKvm
class RunOutputTest {

    /** One command line for each possible ending of a run, with its exit code and outcome. */
    private static final String OUTCOMES = """
            run | 0 | taken
            run --irqchip userspace --count 3 | 0 | taken
            run --irqchip userspace --vector 0x41 | 0 | taken
            run --path vector --force | 1 | not-taken
            run --path vector | 2 | refused
            run --irq 2 --irqchip userspace | 2 | refused
            run --guest no-idt --force | 4 | guest-crashed
            run --guest no-gate --force --irqchip userspace | 4 | guest-crashed
            run --guest deaf --timeout 700ms | 5 | timed-out
            run --guest spin --timeout 700ms --irqchip userspace --wait | 5 | timed-out
            run --timeout 1us | 5 | timed-out
            """;

    private static final List<String> TOP =
            List.of("outcome", "reason", "guest", "image", "irqchip", "path", "trigger", "line", "vector", "vcpus",
                    "ledger", "latencyNanos", "settings", "interrupts");
    private static final String[] LEDGER = {
        "requested", "refused", "accepted", "taken", "coalesced", "held", "unknown", "lost", "extra", "witness"
    };

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = OUTCOMES)
    void json_isOneObjectThatAgreesWithTheExitCode(String line, int exitCode, String outcome) {
        ChildProcess.Result result = Interject.type(line + " --output json");
        Map<String, Object> report = Json.parseObject(result.out());
        Map<String, Object> ledger = Json.object(report, "ledger");
        List<Map<String, Object>> interrupts = Json.objects(report, "interrupts");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(report).containsEntry("outcome", outcome);
        assertThat(report.keySet()).startsWith(TOP.toArray(String[]::new));
        assertThat(report).containsEntry("image", null);
        assertThat(ledger).containsOnlyKeys(LEDGER);
        assertThat(number(ledger, "requested")).isEqualTo(number(ledger, "refused") + number(ledger, "accepted"));
        assertThat(number(ledger, "accepted")).isEqualTo(number(ledger, "taken") + number(ledger, "coalesced")
                + number(ledger, "held") + number(ledger, "unknown") + number(ledger, "lost"));
        assertThat(ledger).containsEntry("unknown", 0L)
                .containsEntry("witness", number(ledger, "requested") == 0 || exitCode == 2 ? "none" : "guest");
        assertThat(report.get("reason") == null).isEqualTo(exitCode == 0);
        assertThat(interrupts.stream().filter(one -> one.get("taken").equals(true)).count())
                .isEqualTo(number(ledger, "taken"));
        assertThat(report.get("latencyNanos") == null).isEqualTo(number(ledger, "taken") == 0);
        assertThat(interrupts).allSatisfy(one -> {
            assertThat(one).containsOnlyKeys("sequence", "line", "status", "taken", "witness", "latencyNanos");
            assertThat(one.get("witness")).isEqualTo(one.get("taken").equals(true) ? "guest" : null);
            assertThat(one.get("latencyNanos") != null).isEqualTo(one.get("taken"));
        });
        assertThat(result.out().lines()).hasSize(1);
        assertErrorIsShort(result, exitCode);
    }

    private static long number(Map<String, Object> object, String field) {
        return (long) object.get(field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = OUTCOMES)
    void junit_isXmlWhoseCountsAgreeWithTheExitCode(String line, int exitCode, String outcome) throws Exception {
        ChildProcess.Result result = Interject.type(line + " --output junit");
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(result.out().getBytes(StandardCharsets.UTF_8)));
        Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
        List<Element> cases = elements(document, "testcase");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("testsuites");
        assertThat(suite.getAttribute("tests")).isEqualTo(Integer.toString(cases.size()));
        assertThat(suite.getAttribute("failures")).isEqualTo(Integer.toString(elements(document, "failure").size()));
        assertThat(suite.getAttribute("errors")).isEqualTo(Integer.toString(elements(document, "error").size()));
        assertThat(suite.getAttribute("skipped")).isEqualTo(Integer.toString(elements(document, "skipped").size()));
        assertThat(elements(document, "failure").isEmpty()).isEqualTo(exitCode == 0);
        assertThat(elements(document, "failure")).allSatisfy(
                failure -> assertThat(failure.getAttribute("type")).isEqualTo(outcome));
        assertThat(cases.getLast().getAttribute("name")).isEqualTo("ledger");
        assertErrorIsShort(result, exitCode);
    }

    private static List<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(found::item).map(Element.class::cast).toList();
    }

    private static void assertErrorIsShort(ChildProcess.Result result, int exitCode) {
        assertThat(result.errLines()).hasSizeBetween(exitCode == 0 ? 0 : 1, exitCode == 0 ? 0 : 2);
        assertThat(result.errLines()).allSatisfy(line -> assertThat(line).matches("(interject:|  fix:) .+"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run | 0
            run --path vector | 2
            run --guest no-idt --force | 4
            run --guest deaf --timeout 700ms | 5
            """)
    void text_hasTheLedgerAndTheReasonOnStandardError(String line, int exitCode) {
        ChildProcess.Result result = Interject.type(line);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(result.out()).contains("Ledger", "requested", "accepted").doesNotContain("\033");
        assertErrorIsShort(result, exitCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --irqchip userspace --trigger level", "run --guest real --irq 3",
        "run --irqchip userspace --vector 0xff --count 25 --verbose", "run --guest deaf --timeout 500ms",
        "run --path vector", "run --path vector --force", "run --guest no-idt", "guests", "lines",
        "compare --count 20", "compare --help", "doctor", "--help", "run --help"})
    void text_fitsIn80Columns(String line) {
        assertThat(Interject.type(line).out().lines()).isNotEmpty()
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "20, 20", "23, 20"})
    void text_showsAtMostTwentyInterruptsUnlessVerbose(int count, int shown) {
        List<String> out = Interject.run("run", "--count", Integer.toString(count)).out().lines().toList();
        List<String> verbose =
                Interject.run("run", "--verbose", "--count", Integer.toString(count)).out().lines().toList();

        assertThat(interrupts(out)).hasSize(shown);
        assertThat(interrupts(verbose)).hasSize(count);
    }

    private static Stream<String> interrupts(List<String> lines) {
        return lines.stream().filter(line -> line.matches(" +#\\d+ .*taken.*"));
    }
}
