package dev.interject.cli.suite;

import java.util.Locale;

import dev.interject.cli.output.PlainText;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Durations;
import dev.interject.experiment.suite.SuiteReport;
import dev.interject.experiment.suite.SuiteResult;
import dev.interject.experiment.suite.SuiteResult.Verdict;

/** A suite as text: one line a test, and a summary. */
final class SuiteText {

    private static final int MILLIS = 1000;

    private final Style style;
    private final int nameWidth;

    /** @param nameWidth of the longest name */
    SuiteText(Style style, int nameWidth) {
        this.style = style;
        this.nameWidth = nameWidth;
    }

    String line(SuiteResult result) {
        String word = "%-7s".formatted(result.verdict());
        String verdict = switch (result.verdict()) {
            case PASS -> style.good(word);
            case FAIL, TIMEOUT -> style.bad(word);
            case SKIP -> style.warning(word);
        };
        String time = result.duration().isZero() ? ""
                : String.format(Locale.US, "%.2f s", (double) result.duration().toMillis() / MILLIS);
        return "%s  %s  %8s  %s"
                .formatted(verdict, ("%-" + nameWidth + "s").formatted(PlainText.line(result.test().name())), time,
                        PlainText.line(result.reason()))
                .stripTrailing() + "\n";
    }

    String summary(SuiteReport report) {
        return "%d passed, %d failed, %d timed out, %d skipped%s, in %s\n".formatted(report.count(Verdict.PASS),
                report.count(Verdict.FAIL), report.count(Verdict.TIMEOUT), report.count(Verdict.SKIP),
                report.notRun().isEmpty() ? "" : ", %d not run".formatted(report.notRun().size()),
                Durations.format(report.duration()));
    }
}
