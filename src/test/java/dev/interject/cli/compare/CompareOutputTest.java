package dev.interject.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.interrupt.route.RouteCase;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** {@code interject compare}, as typed in a shell. */
@RequiresKvm
class CompareOutputTest {

    private static final int CASES = RouteCase.all().size();
    /** Whether the host supports a level at the IOAPIC, found by a probe. */
    private static final boolean FAITHFUL = ConformanceProbe.IOAPIC_RESAMPLE.probe() instanceof Finding.Kept;
    private static final int UNSUPPORTED =
            FAITHFUL ? 0 : (int) RouteCase.all().stream().filter(RouteCase::needsFaithfulEoi).count();

    @Test
    void text_hasARowForEachCaseAndExitsWithZero() {
        ChildProcess.Result result = Interject.type("compare --count 50");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().filter(line -> line.matches(" {2}(kernel|split|userspace) .*"))).hasSize(CASES);
        assertThat(result.out()).contains("Every path took all of its interrupts.");
        assertThat(result.out().lines().filter(line -> line.endsWith(" unsupported"))).hasSize(UNSUPPORTED);
    }

    @Test
    void json_agreesWithTheExitCodeAndLosesNone() {
        ChildProcess.Result result = Interject.type("compare --count 50 --output json");
        Map<String, Object> comparison = Json.parseObject(result.out());
        List<Map<String, Object>> rows = Json.objects(comparison, "rows");

        assertThat(result.exitCode()).isZero();
        assertThat(comparison).containsEntry("outcome", "taken");
        assertThat(rows).hasSize(CASES);
        assertThat(rows.stream().filter(row -> row.get("outcome").equals("unsupported"))).hasSize(UNSUPPORTED);
        assertThat(rows).filteredOn(row -> row.get("supported").equals(true)).allSatisfy(row -> {
            assertThat(row).containsEntry("outcome", "taken");
            assertThat(Json.object(row, "ledger").get("taken")).hasToString("50");
            assertThat(Json.object(row, "ledger").get("lost")).hasToString("0");
        });
    }

    @Test
    void junit_hasATestCaseForEachCaseAndNoFailure() throws Exception {
        ChildProcess.Result result = Interject.type("compare --count 50 --output junit");
        Element suite = (Element) DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(result.out().getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("testsuite")
                .item(0);

        assertThat(suite.getAttribute("tests")).isEqualTo(Integer.toString(CASES));
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getAttribute("skipped")).isEqualTo(Integer.toString(UNSUPPORTED));
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(CASES);
    }
}
