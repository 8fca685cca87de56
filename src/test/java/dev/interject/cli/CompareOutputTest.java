package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Contender;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** {@code interject compare}, as somebody types it. */
@RequiresKvm
class CompareOutputTest {

    private static final int WAYS = Contender.all().size();

    @Test
    void text_hasARowForEachWayAndExitsWithZero() {
        ChildProcess.Result result = Interject.type("compare --count 50");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().filter(line -> line.matches(" {2}(kernel|userspace) .*"))).hasSize(WAYS);
        assertThat(result.out()).contains("Every way took all of its interrupts.").doesNotContain("unsupported");
    }

    @Test
    void json_agreesWithTheExitCodeAndLosesNone() {
        ChildProcess.Result result = Interject.type("compare --count 50 --output json");
        Map<String, Object> comparison = Json.parseObject(result.out());
        List<Map<String, Object>> rows = Json.objects(comparison, "rows");

        assertThat(result.exitCode()).isZero();
        assertThat(comparison).containsEntry("outcome", "taken");
        assertThat(rows).hasSize(WAYS).allSatisfy(row -> {
            assertThat(row).containsEntry("outcome", "taken");
            assertThat(Json.object(row, "ledger").get("taken")).hasToString("50");
            assertThat(Json.object(row, "ledger").get("lost")).hasToString("0");
        });
    }

    @Test
    void junit_hasACaseForEachWayAndNoFailure() throws Exception {
        ChildProcess.Result result = Interject.type("compare --count 50 --output junit");
        Element suite = (Element) DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(result.out().getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("testsuite")
                .item(0);

        assertThat(suite.getAttribute("tests")).isEqualTo(Integer.toString(WAYS));
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(WAYS);
    }
}
