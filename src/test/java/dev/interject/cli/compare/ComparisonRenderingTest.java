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
import dev.interject.experiment.compare.CompareCase;
import dev.interject.experiment.compare.Comparison;
import org.junit.jupiter.api.Test;

/** How a comparison shows what this host does not have. */
class ComparisonRenderingTest {

    private static final Comparison NOTHING = Comparison.unable("KVM_IRQFD: ENOTTY");

    @Test
    void hostWithoutAnyWay_isUnable() {
        assertThat(NOTHING.outcome()).isEqualTo(Outcome.HOST_UNABLE);
        assertThat(NOTHING.rows()).hasSameSizeAs(CompareCase.all());
    }

    @Test
    void interruptedComparison_saysSoWhateverItsRowsSay() {
        assertThat(new Comparison(List.of(), true).outcome()).isEqualTo(Outcome.INTERRUPTED);
    }

    @Test
    void text_namesTheReasonUnderTheTable() {
        String text = new CompareText(Style.PLAIN).render(NOTHING);

        assertThat(text.lines().filter(line -> line.endsWith("unsupported"))).hasSameSizeAs(CompareCase.all());
        assertThat(text.lines().filter(line -> line.endsWith(": KVM_IRQFD: ENOTTY"))).hasSameSizeAs(CompareCase.all());
        assertThat(text).doesNotContain("Every way took");
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
    void junit_skipsWhatIsNotThere() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompareJunit.write(NOTHING, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("failures=\"0\"",
                "skipped=\"" + CompareCase.all().size() + "\"", "<skipped message=\"KVM_IRQFD: ENOTTY\"");
    }
}
