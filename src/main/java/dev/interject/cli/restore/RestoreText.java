package dev.interject.cli.restore;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.RestoreRow;
import dev.interject.experiment.restore.TrialResult;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** What restored guests took, as a table, 80 columns wide: one line for each situation and irqchip. */
final class RestoreText {

    private static final String COLUMNS = "  %-21s %-9s %-15s %8s %8s  %s";
    private static final String INDENT = "  ";
    private static final String BELOW = "      ";
    private static final double NANOS_PER_MILLI = 1e6;

    private final Style style;
    private final boolean verbose;
    private final TextPage page;

    /** @param verbose whether all is shown that changes of the order show */
    RestoreText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
        this.page = new TextPage(style);
    }

    String render(RestoreReport report) {
        if (!report.rows().isEmpty()) {
            page.line("");
            rows(report);
        }
        if (!report.rows().isEmpty() || !report.notes().isEmpty()) {
            page.line("");
        }
        report.notes().forEach(note -> page.folded(INDENT, note + "."));
        if (report.outcome() == Outcome.TAKEN) {
            page.line(INDENT + style.good(good(report)));
        }
        return page.toString();
    }

    private void rows(RestoreReport report) {
        order(report);
        if (report.plan().all()) {
            long kept = report.unchanged().stream().filter(RestoreRow::isKept).count();
            page.folded(INDENT, "%d of %d situations were kept in %s.".formatted(kept, report.unchanged().size(),
                    orderName(report)));
            List<RestoreRow> wrong = report.unchanged().stream().filter(row -> !row.isKept()).toList();
            if (!wrong.isEmpty()) {
                table(wrong);
            }
            new ChangesText(style, page, verbose).render(report);
        } else {
            table(report.unchanged());
        }
    }

    private static String good(RestoreReport report) {
        if (report.plan().all()) {
            return "All were kept in %s.".formatted(orderName(report));
        }
        int count = report.plan().count();
        return count == 1 ? "All were kept." : "All were kept, each %,d times.".formatted(count);
    }

    private static String orderName(RestoreReport report) {
        boolean isWhole = report.leftOut().isEmpty() && isRecommended(report.plan().order());
        return isWhole ? "the recommended order" : "this order";
    }

    /** What is not the recommended order, and what is left out of it. */
    private void order(RestoreReport report) {
        if (!isRecommended(report.plan().order())) {
            page.folded(INDENT, "order: " + names(report.plan().order().pieces()));
        }
        if (!report.leftOut().isEmpty()) {
            page.folded(INDENT, "not restored: " + names(report.leftOut()), style::warning);
        }
    }

    /** Whether nothing comes before what it follows in the recommended order. */
    private static boolean isRecommended(PieceOrder order) {
        return order.equals(PieceOrder.recommended().only(order.pieces()));
    }

    private static String names(List<Piece> pieces) {
        return pieces.stream().map(Piece::label).collect(Collectors.joining(", "));
    }

    private void table(List<RestoreRow> rows) {
        page.columns(COLUMNS.formatted("situation", "irqchip", "saved at", "taken", "late ms", "result"));
        rows.forEach(this::row);
    }

    private void row(RestoreRow row) {
        TrialResult result = row.result();
        String kind = result.kind().label();
        page.line(COLUMNS.formatted(row.situation(), row.irqchip(), row.savedAt(),
                "%d of %d".formatted(result.taken(), result.expected()), millis(result.lateNanos()),
                row.isKept() ? kind : style.bad(kind)));
        if (row.isKept()) {
            return;
        }
        if (row.tried() > 1 && row.wrong() < row.tried()) {
            page.folded(BELOW, "%,d of %,d times; the first of them:".formatted(row.wrong(), row.tried()));
        }
        if (!result.detail().isEmpty()) {
            page.folded(BELOW, result.detail());
        }
        result.differences().forEach(difference -> page.folded(BELOW, difference));
    }

    private static String millis(OptionalLong nanos) {
        return nanos.isEmpty() ? "-" : String.format(Locale.US, "%.3f", nanos.getAsLong() / NANOS_PER_MILLI);
    }
}
