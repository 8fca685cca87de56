package dev.interject.cli.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.RestoreRow;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;

/**
 * What restored guests took as JUnit XML: one test case for each situation and irqchip, which is skipped if it shows
 * nothing on this host. If the command ended early, an additional last case reports it.
 */
public final class RestoreJunit {

    private static final String SUITE = "interject restore";
    private static final String GROUP = "interject.restore";

    private RestoreJunit() {}

    /** Writes the whole document. */
    public static void write(RestoreReport report, OutputStream out) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (PendingSituation situation : report.plan().situations()) {
            for (Irqchip irqchip : Irqchip.values()) {
                if (situation.irqchips().contains(irqchip) && report.plan().irqchips().contains(irqchip)) {
                    cases.add(new Case(GROUP + "." + irqchip, situation.label(), 0,
                            row(report, situation, irqchip).map(RestoreJunit::result)
                                    .orElseGet(() -> new Result.Skipped(why(report, situation)))));
                }
            }
        }
        if (report.outcome() != Outcome.TAKEN && report.outcome() != Outcome.NOT_TAKEN) {
            cases.add(new Case(GROUP, "end", 0, new Result.Errored(report.outcome().label(),
                    report.reason().orElse(report.outcome().label()))));
        }
        JunitOutput.write(out, SUITE, cases::stream);
    }

    private static Optional<RestoreRow> row(RestoreReport report, PendingSituation situation, Irqchip irqchip) {
        return report.unchanged()
                .stream()
                .filter(row -> row.situation() == situation && row.irqchip() == irqchip)
                .findFirst();
    }

    private static String why(RestoreReport report, PendingSituation situation) {
        return report.notes()
                .stream()
                .filter(note -> note.startsWith(situation + " "))
                .findFirst()
                .orElse("it was not finished");
    }

    private static Result result(RestoreRow row) {
        if (row.isKept()) {
            return Result.PASSED;
        }
        String often = "%d of %d".formatted(row.wrong(), row.tried());
        return new Result.Failed(row.result().kind().label(),
                Stream.of(row.result().kind().label(), row.result().detail(), often)
                        .filter(part -> !part.isEmpty())
                        .reduce("%s: %s"::formatted)
                        .orElse(often),
                String.join("\n", row.result().differences()));
    }
}
