package dev.interject.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.cli.output.Style;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.restore.RestorePlan;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.RestoreRow;
import dev.interject.experiment.restore.TrialResult;
import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.PieceOrder;
import org.junit.jupiter.api.Test;

/** How the report shows what seldom happens. */
class RestoreRenderingTest {

    private static final RestorePlan PLAN = new RestorePlan(List.of(PendingSituation.DEADLINE_NEAR,
            PendingSituation.PIN_LEVEL), Set.of(Irqchip.KERNEL), PieceOrder.recommended(), 200, false,
            Optional.empty());
    private static final RestoreRow LATE = new RestoreRow(PendingSituation.DEADLINE_NEAR, Irqchip.KERNEL, "taken+0x3",
            Optional.empty(), false, new TrialResult(Kind.LATE, "51.234 ms after it was due", 1, 1, 0, 0,
                    OptionalLong.of(51_234_000), List.of("LAPIC, LVT0: 0x10000, was 0x700")),
            200, 3);
    private static final String NOTE = "pin-level is left out: on this host the LAPIC keeps no interrupt in service";

    private static RestoreReport report(List<RestoreRow> rows, Ending ending) {
        return new RestoreReport(PLAN, rows, 0, List.of(), List.of(), List.of(NOTE), ending);
    }

    private static final RestoreReport NOT_KEPT =
            report(List.of(LATE), Ending.of(Outcome.NOT_TAKEN, "1 of 1 situations were not kept"));

    private static String junit(RestoreReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RestoreJunit.write(report, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rowThatWasNotAlwaysKept_saysHowOften() {
        assertThat(new RestoreText(Style.PLAIN, false).render(NOT_KEPT)).isEqualTo("""

                  situation             irqchip   saved at           taken  late ms  result
                  deadline-near         kernel    taken+0x3         1 of 1   51.234  late
                      3 of 200 times; the first of them:
                      51.234 ms after it was due
                      LAPIC, LVT0: 0x10000, was 0x700

                  pin-level is left out: on this host the LAPIC keeps no interrupt in service.
                """);
    }

    @Test
    void hostThatShowsNothing_hasTheNoteOnly() {
        assertThat(new RestoreText(Style.PLAIN, false).render(report(List.of(), Ending.of(Outcome.HOST_UNABLE, ""))))
                .isEqualTo("""

                          pin-level is left out: on this host the LAPIC keeps no interrupt in service.
                        """);
    }

    @Test
    void junit_hasTheFailureWithItsDifferences_andSkipsWhatShowsNothing() throws IOException {
        assertThat(junit(NOT_KEPT)).contains("tests=\"2\"", "failures=\"1\"", "skipped=\"1\"",
                "<failure type=\"late\" message=\"late: 51.234 ms after it was due: 3 of 200\">",
                ">LAPIC, LVT0: 0x10000, was 0x700</failure>",
                "<skipped message=\"" + NOTE + "\"/>");
    }

    @Test
    void junitOfAnEarlyEnd_hasAnErrorAsLastCase() throws IOException {
        assertThat(junit(report(List.of(), Ending.of(Outcome.TIMED_OUT, "the time is up")))).contains("tests=\"3\"",
                "skipped=\"2\"", "<skipped message=\"it was not finished\"/>",
                "<error type=\"timed-out\" message=\"the time is up\">");
    }
}
