package dev.interject.cli.trace;

import java.util.List;
import java.util.Locale;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;

/** A trace as a timeline for people: the time, the gap to the row before, the actor and the event. */
final class TraceText {

    private static final int MOST_LINES = 200;
    /** Repetitions are found of groups of up to this many rows. */
    private static final int LONGEST_GROUP = 4;

    private final Style style;
    private final boolean verbose;
    private final TextPage page;
    private int lanes;
    private long zero;
    private long previous;
    private int lines;

    /** @param verbose whether to show every row, from the guest's boot on */
    TraceText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
        this.page = new TextPage(style);
    }

    String render(TraceReport report) {
        RunReport run = report.run();
        Timeline timeline = report.timeline();
        line("");
        line("  " + style.bold(run.request().describe(run.irqchip())));
        page.settings(run.request().settings());
        line("  " + summary(timeline));
        clock(run, timeline);
        if (!timeline.events().isEmpty()) {
            rows(report);
        }
        stages(timeline);
        line("");
        line("  requested %,d = refused %,d + accepted %,d".formatted(run.ledger().requested(), run.ledger().refused(),
                run.ledger().accepted()));
        line("  accepted %,d = taken %,d + coalesced %,d + held %,d, lost %,d".formatted(run.ledger().accepted(),
                run.ledger().taken(), run.ledger().coalesced(), run.ledger().held(), run.ledger().lost()));
        if (run.outcome() == Outcome.TAKEN) {
            line("  " + style.good(run.ledger().taken() == 1 ? "The interrupt was taken."
                    : "All %,d interrupts were taken.".formatted(run.ledger().taken())));
        }
        return page.toString();
    }

    /** How many events were recorded and dropped. */
    static String summary(Timeline timeline) {
        String recorded = timeline.recorded() == 1 ? "1 event" : "%,d events".formatted(timeline.recorded());
        return timeline.dropped() == 0
                ? recorded + " recorded, none dropped"
                : "%s recorded, %,d later ones dropped (--events keeps more)".formatted(recorded,
                        timeline.dropped());
    }

    private void clock(RunReport run, Timeline timeline) {
        if (run.request().isImage()) {
            line("  handlers seen by " + run.observed().witness().words());
        } else if (!timeline.handlers().isEmpty()) {
            line(String.format(Locale.ROOT, "  handlers timed by the guest's clock, +-%.1f us",
                    timeline.uncertaintyNanos() / Micros.NANOS));
        }
        if (timeline.strayStamps() > 0) {
            line("  %,d handler stamps left out: the guest did not run at that time".formatted(timeline.strayStamps()));
        }
    }

    /** Shows where the time went, for the interrupts whose handlers are known. */
    private void stages(Timeline timeline) {
        List<LatencyStage> stages = LatencyStage.of(timeline);
        if (!stages.isEmpty()) {
            line("");
            line("  " + style.bold("Where the time went") + ", in us            median        max");
            for (LatencyStage stage : stages) {
                line(String.format(Locale.ROOT, "    %-36s %8.1f %10.1f", stage.name(), stage.medianMicros(),
                        stage.maxMicros()));
            }
        }
    }

    private void rows(TraceReport report) {
        Timeline timeline = report.timeline();
        List<TimelineRows.Row> all = TimelineRows.of(report);
        zero = timeline.zero();
        lanes = TimelineRows.laneOfVcpu(timeline.vcpus());
        long start = verbose ? all.getFirst().nanos() : check(timeline);
        List<TimelineRows.Row> shown = all.stream().filter(row -> row.nanos() - start >= 0).toList();
        line("");
        if (shown.size() < all.size()) {
            line("  %,d events before the gates are checked (--verbose shows all)".formatted(
                    all.size() - shown.size()));
        }
        heading();
        previous = start;
        int next = 0;
        while (next < shown.size() && (verbose || lines < MOST_LINES)) {
            next = group(shown, next);
        }
        if (next < shown.size()) {
            line("  and %,d more (--verbose shows all)".formatted(shown.size() - next));
        }
    }

    /**
     * Where the text begins: after the guest's boot, unless the boot never ended. An image's gates may be checked many
     * times until it can take the first interrupt.
     */
    private static long check(Timeline timeline) {
        List<TimedEvent> checks =
                timeline.events().stream().filter(HostEvent.GatesChecked.class::isInstance).toList();
        TimedEvent first = checks.isEmpty() ? timeline.events().getFirst() : checks.getFirst();
        return checks.stream()
                .filter(check -> check.begin() - timeline.zero() <= 0)
                .reduce(first, (_, later) -> later)
                .begin();
    }

    private void heading() {
        StringBuilder heading = new StringBuilder("         us      gap   host  irqchip");
        for (int vcpu = 0; lanes > TimelineRows.laneOfVcpu(vcpu); vcpu++) {
            heading.append("%8s".formatted("vCPU " + vcpu));
        }
        line(style.bold(heading.toString()));
    }

    /** Shows the rows from {@code start} on that repeat, once, or else one row; returns the next row. */
    private int group(List<TimelineRows.Row> shown, int start) {
        for (int size = 1; size <= LONGEST_GROUP && !verbose; size++) {
            int times = 1;
            while (repeats(shown, start, size, times)) {
                times++;
            }
            if (times > 2) {
                shown.subList(start, start + size).forEach(this::row);
                int end = start + size * times;
                line("                     the same %,d times more".formatted(times - 1));
                previous = shown.get(end - 1).nanos();
                return end;
            }
        }
        row(shown.get(start));
        return start + 1;
    }

    private static boolean repeats(List<TimelineRows.Row> shown, int start, int size, int times) {
        int from = start + size * times;
        if (from + size > shown.size()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!shown.get(start + i).repeats(shown.get(from + i))) {
                return false;
            }
        }
        return true;
    }

    private void row(TimelineRows.Row row) {
        StringBuilder actors = new StringBuilder();
        for (int lane = 0; lane < lanes; lane++) {
            actors.append(lane == row.lane() ? "   o    " : "   |    ");
        }
        line(String.format(Locale.ROOT, " %10.1f %8s %s%s", (row.nanos() - zero) / Micros.NANOS,
                String.format(Locale.ROOT, "+%.1f", (row.nanos() - previous) / Micros.NANOS), actors,
                row.text()));
        previous = row.nanos();
    }

    private void line(String content) {
        page.line(content);
        lines++;
    }
}
