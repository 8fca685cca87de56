package dev.interject.cli.sweep;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.sweep.SweepReport;
import dev.interject.experiment.sweep.SweepRow;

/** A sweep as a table, 80 columns wide: one line for each instruction. */
final class SweepText {

    private static final String COLUMNS = "  %-4s %-22s %-2s %-6s %-5s %-10s %s";

    private final Style style;

    SweepText(Style style) {
        this.style = style;
    }

    String render(SweepReport sweep) {
        if (sweep.rows().isEmpty()) {
            return "";
        }
        TextPage page = new TextPage(style);
        page.line("");
        page.settings(sweep.code().settings());
        page.columns(COLUMNS.formatted("", "injected before", "IF", "shadow", "ready", "predicted", "taken"));
        int number = 0;
        for (SweepRow row : sweep.rows()) {
            page.line(COLUMNS.formatted("#" + ++number, row.where() + (row.halted() ? " (asleep)" : ""),
                    row.interruptFlag() ? "1" : "0", row.shadow(), row.ready() ? "yes" : "no",
                    row.prediction().fate().label(), taken(row)));
        }
        page.line("");
        sweep.settingNotes().forEach(note -> page.folded("  ", style.warning(note) + "."));
        sweep.note().ifPresent(note -> page.line("  (" + note + ")"));
        if (sweep.outcome() == Outcome.TAKEN) {
            page.line("  " + style.good("Each was taken as predicted."));
        }
        return page.toString();
    }

    private String taken(SweepRow row) {
        String taken = switch (row.result()) {
            case NOT_TAKEN -> "never";
            case CRASHED -> "the guest crashed";
            case TAKEN -> when(row);
        };
        return row.isAsPredicted() ? taken : style.bad(taken);
    }

    private static String when(SweepRow row) {
        if (row.takenAfter().isEmpty()) {
            return "unknown when";
        }
        int after = row.takenAfter().getAsInt();
        return after == 0 ? "at once" : "%d later, at %s".formatted(after, row.takenAt().orElseThrow());
    }
}
