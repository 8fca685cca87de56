package dev.interject.cli.sweep;

import dev.interject.cli.output.Style;
import dev.interject.experiment.sweep.SweepReport;
import dev.interject.experiment.sweep.SweepReport.Row;

/** A sweep as a table, 80 columns wide: a line an instruction. */
final class SweepText {

    private static final String COLUMNS = "  %-4s %-22s %-2s %-6s %-5s %-10s %s%n";

    private final Style style;

    SweepText(Style style) {
        this.style = style;
    }

    String render(SweepReport sweep) {
        if (sweep.refusal().isPresent()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\n");
        text.append(style.bold(COLUMNS.formatted("", "injected before", "IF", "shadow", "ready", "predicted", "taken")
                .stripTrailing())).append('\n');
        int number = 0;
        for (Row row : sweep.rows()) {
            text.append(COLUMNS.formatted("#" + ++number, row.where() + (row.halted() ? " (asleep)" : ""),
                    row.interruptFlag() ? "1" : "0", row.shadow(), row.ready() ? "yes" : "no",
                    row.prediction().fate().label(), taken(row)));
        }
        text.append('\n');
        if (sweep.rows().stream().allMatch(Row::isAsPredicted)) {
            text.append("  ").append(style.good("Each was taken where it was predicted.")).append('\n');
        }
        return text.toString();
    }

    private String taken(Row row) {
        String when = row.takenAfter()
                .map(after -> after == 0
                        ? "at once"
                        : "%d later, at %s".formatted(after, row.takenAt().orElseThrow()))
                .orElse("not here");
        return row.isAsPredicted() ? when : style.bad(when);
    }
}
