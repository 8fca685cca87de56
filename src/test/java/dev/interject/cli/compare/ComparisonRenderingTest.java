package dev.interject.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.interject.cli.Json;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.interrupt.route.RouteCase;
import org.junit.jupiter.api.Test;

/** How a comparison shows what this host does not have. */
class ComparisonRenderingTest {

    private static final Comparison NOTHING = new Comparison(RouteCase.all()
            .stream()
            .<Row>map(path -> new Row.Unsupported(path, "KVM_IRQFD: ENOTTY"))
            .toList(), false);
    private static final Comparison FAILED = new Comparison(List.of(
            new Row.Unsupported(RouteCase.all().getFirst(), "KVM_IRQFD: ENOTTY"),
            new Row.HostFailed(RouteCase.all().getLast(), "KVM_RUN: EIO (Input/output error)")), false);

    @Test
    void hostWithoutAnyPath_isUnsupported() {
        assertThat(NOTHING.outcome()).isEqualTo(Outcome.HOST_UNABLE);
        assertThat(NOTHING.rows()).hasSameSizeAs(RouteCase.all());
    }

    @Test
    void interruptedComparison_isInterruptedWhateverItsRows() {
        assertThat(new Comparison(List.of(), true).outcome()).isEqualTo(Outcome.INTERRUPTED);
    }

    @Test
    void text_namesTheReasonUnderTheTable() {
        String text = new CompareText(Style.PLAIN).render(NOTHING);

        assertThat(text.lines().filter(line -> line.endsWith("unsupported"))).hasSameSizeAs(RouteCase.all());
        assertThat(text.lines().filter(line -> line.endsWith(": KVM_IRQFD: ENOTTY"))).hasSameSizeAs(RouteCase.all());
        assertThat(text).doesNotContain("Every path took");
    }

    @Test
    void json_saysThatNothingIsSupported() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompareJson.write(NOTHING, out);
        Map<String, Object> comparison = Json.parseObject(out.toString(StandardCharsets.UTF_8));

        assertThat(comparison).containsEntry("outcome", "host-unable");
        assertThat(Json.objects(comparison, "rows")).allSatisfy(row -> assertThat(row)
                .containsEntry("supported", false)
                .containsEntry("reason", "KVM_IRQFD: ENOTTY"));
    }

    @Test
    void junit_skipsUnsupportedPathsButIsNotGreen() throws IOException {
        assertThat(junit(NOTHING)).contains("failures=\"0\"", "errors=\"1\"",
                "skipped=\"" + RouteCase.all().size() + "\"", "<skipped message=\"KVM_IRQFD: ENOTTY\"",
                "<error type=\"host-unable\" message=\"this host supports none of the paths\"");
    }

    @Test
    void interruptedComparison_isNotGreenInJunit() throws IOException {
        assertThat(junit(new Comparison(List.of(), true))).contains("errors=\"1\"", "<error type=\"interrupted\"");
    }

    @Test
    void failureOfTheHost_isNamedByItsCallAndKeepsTheFinishedRows() throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        CompareJson.write(FAILED, json);

        assertThat(FAILED.outcome()).isEqualTo(Outcome.HOST_UNABLE);
        assertThat(FAILED.reason()).hasValue(
                "irqchip userspace, path nmi, guest nmi, edge: KVM_RUN: EIO (Input/output error)");
        assertThat(new CompareText(Style.PLAIN).render(FAILED)).contains("unsupported\n", "host failed\n");
        assertThat(Json.objects(Json.parseObject(json.toString(StandardCharsets.UTF_8)), "rows"))
                .extracting(row -> row.get("outcome"))
                .containsExactly("unsupported", "host-unable");
        assertThat(junit(FAILED)).contains("errors=\"1\"", "skipped=\"1\"",
                "<error type=\"host-unable\" message=\"KVM_RUN: EIO (Input/output error)\"");
    }

    private static String junit(Comparison comparison) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompareJunit.write(comparison, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
