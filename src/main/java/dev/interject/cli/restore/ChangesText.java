package dev.interject.cli.restore;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.restore.Requirement;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.RestoreRow;
import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.machine.snapshot.Piece;

/** What changes of an order show: which pieces must not be left out, and which must come before which. */
final class ChangesText {

    private static final String COLUMNS = "  %-12s %-33s %10s  ";
    private static final int KINDS = COLUMNS.formatted("", "", "").length();
    private static final String CHANGES = "  %-21s %-9s %-35s %s";
    private static final String BELOW = "      ";

    private final Style style;
    private final TextPage page;
    private final boolean verbose;

    ChangesText(Style style, TextPage page, boolean verbose) {
        this.style = style;
        this.page = page;
        this.verbose = verbose;
    }

    void render(RestoreReport report) {
        List<Requirement> alone =
                report.requirements().stream().filter(requirement -> requirement.second().isEmpty()).toList();
        if (!alone.isEmpty()) {
            page.section("Must not be left out");
            page.columns(COLUMNS.formatted("piece", "restored by", "situations") + "otherwise");
            alone.forEach(this::alone);
        }
        List<Requirement> pairs =
                report.requirements().stream().filter(requirement -> requirement.second().isPresent()).toList();
        if (!pairs.isEmpty()) {
            page.section("Must come before another");
            page.columns(COLUMNS.formatted("piece", "before", "situations") + "otherwise");
            pairs.forEach(pair -> pair(pair, pair.second().orElseThrow()));
        }
        if (verbose && !report.changed().isEmpty()) {
            page.section("Changes that went wrong");
            page.columns(CHANGES.formatted("situation", "irqchip", "change", "result"));
            report.changed()
                    .forEach(row -> page.line(CHANGES.formatted(row.situation(), row.irqchip(),
                            row.change().orElseThrow().describe(), row.result().kind().label())));
        }
        page.line("");
        page.folded("  ", "%,d changes were tried, and %,d went wrong.".formatted(report.changes(),
                report.changed().size()));
    }

    private void alone(Requirement requirement) {
        page.labelled(COLUMNS.formatted(requirement.first(), requirement.first().call(), requirement.rows().size()),
                KINDS, kinds(requirement));
        situations(requirement);
    }

    private void pair(Requirement requirement, Piece second) {
        page.labelled(COLUMNS.formatted(requirement.first(), second, requirement.rows().size()), KINDS,
                kinds(requirement));
        page.folded(BELOW, "%s before %s".formatted(requirement.first().call(), second.call()), style::faint);
        situations(requirement);
    }

    private static String kinds(Requirement requirement) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        requirement.rows().forEach(row -> counts.merge(row.result().kind(), 1, Integer::sum));
        return counts.entrySet()
                .stream()
                .map(count -> "%s %d".formatted(count.getKey().label(), count.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void situations(Requirement requirement) {
        if (!verbose) {
            return;
        }
        Map<PendingSituation, List<String>> irqchips = requirement.rows()
                .stream()
                .collect(Collectors.groupingBy(RestoreRow::situation, LinkedHashMap::new,
                        Collectors.mapping(row -> row.irqchip().label(), Collectors.toList())));
        page.folded(BELOW, irqchips.entrySet()
                .stream()
                .map(entry -> "%s (%s)".formatted(entry.getKey(), String.join(", ", entry.getValue())))
                .collect(Collectors.joining(", ")));
    }
}
