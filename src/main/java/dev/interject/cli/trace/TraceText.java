package dev.interject.cli.trace;

import java.util.List;
import java.util.Locale;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.HostEvent;

/** A trace as a timeline for people: when, how long after the line before, who, and what. */
final class TraceText {

    private static final int LONGEST = 200;
    /** What repeats itself is looked for in groups of up to so many lines. */
    private static final int LONGEST_GROUP = 4;

    private final Style style;
    private final boolean verbose;
    private final StringBuilder text = new StringBuilder();
    private int lanes;
    private long zero;
    private long before;
    private int lines;

    /** @param verbose all of it, from the guest's first instruction on */
    TraceText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
    }

    String render(TraceReport report) {
        RunReport run = report.run();
        Timeline timeline = report.timeline();
        line("");
        line("  " + style.bold("guest %s, irqchip %s, path %s (%s), %s".formatted(run.plan().effectiveGuest(),
                run.irqchip(), run.path(), run.path().request(run.irqchip()), run.plan().trigger())));
        line("  " + summary(timeline));
        clock(timeline);
        if (!timeline.events().isEmpty()) {
            moments(report);
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
        return text.toString();
    }

    /** How much was recorded. */
    static String summary(Timeline timeline) {
        String recorded = timeline.recorded() == 1 ? "1 event" : "%,d events".formatted(timeline.recorded());
        return timeline.dropped() == 0
                ? recorded + " recorded, none dropped"
                : "%s recorded, what came later dropped: %,d (--events makes room)".formatted(recorded,
                        timeline.dropped());
    }

    private void clock(Timeline timeline) {
        if (!timeline.handlers().isEmpty()) {
            line(String.format(Locale.ROOT, "  handlers by the guest's own clock, +-%.1f us",
                    timeline.uncertaintyNanos() / Micros.NANOS));
        }
        if (timeline.strayStamps() > 0) {
            line("  %,d stamps of handlers left out: the guest did not run then".formatted(timeline.strayStamps()));
        }
    }

    /** Where the time went; only of the interrupts whose handlers are known. */
    private void stages(Timeline timeline) {
        List<TraceStage> stages = TraceStage.of(timeline);
        if (!stages.isEmpty()) {
            line("");
            line("  " + style.bold("Where the time went") + ", in us            median        max");
            for (TraceStage stage : stages) {
                line(String.format(Locale.ROOT, "    %-36s %8.1f %10.1f", stage.name(), stage.medianMicros(),
                        stage.maxMicros()));
            }
        }
    }

    private void moments(TraceReport report) {
        Timeline timeline = report.timeline();
        List<TraceMoment> all = TraceMoments.of(report);
        zero = timeline.zero();
        lanes = TraceMoment.laneOfVcpu(timeline.vcpus());
        long start = verbose ? all.getFirst().nanos() : firstCheck(timeline);
        List<TraceMoment> shown = all.stream().filter(moment -> moment.nanos() - start >= 0).toList();
        line("");
        if (shown.size() < all.size()) {
            line("  before the gates are checked, %,d more (--verbose shows all)".formatted(all.size() - shown.size()));
        }
        heading();
        before = start;
        int next = 0;
        while (next < shown.size() && (verbose || lines < LONGEST)) {
            next = group(shown, next);
        }
        if (next < shown.size()) {
            line("  and %,d more (--verbose shows all)".formatted(shown.size() - next));
        }
    }

    /** The guest's boot is of no interest, unless it never ended. */
    private static long firstCheck(Timeline timeline) {
        return timeline.events()
                .stream()
                .filter(HostEvent.GatesChecked.class::isInstance)
                .findFirst()
                .orElse(timeline.events().getFirst())
                .begin();
    }

    private void heading() {
        StringBuilder heading = new StringBuilder("         us      gap   host  irqchip");
        for (int vcpu = 0; lanes > TraceMoment.laneOfVcpu(vcpu); vcpu++) {
            heading.append("%8s".formatted("vCPU " + vcpu));
        }
        line(style.bold(heading.toString()));
    }

    /** Shows what begins there, once if it repeats itself, and returns what comes after. */
    private int group(List<TraceMoment> shown, int start) {
        for (int size = 1; size <= LONGEST_GROUP && !verbose; size++) {
            int times = 1;
            while (repeats(shown, start, size, times)) {
                times++;
            }
            if (times > 2) {
                shown.subList(start, start + size).forEach(this::moment);
                int end = start + size * times;
                line("                     the same %,d times more".formatted(times - 1));
                before = shown.get(end - 1).nanos();
                return end;
            }
        }
        moment(shown.get(start));
        return start + 1;
    }

    private static boolean repeats(List<TraceMoment> shown, int start, int size, int times) {
        int from = start + size * times;
        if (from + size > shown.size()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!shown.get(start + i).isLike(shown.get(from + i))) {
                return false;
            }
        }
        return true;
    }

    private void moment(TraceMoment moment) {
        StringBuilder actors = new StringBuilder();
        for (int lane = 0; lane < lanes; lane++) {
            actors.append(lane == moment.lane() ? "   o    " : "   |    ");
        }
        line(String.format(Locale.ROOT, " %10.1f %8s %s%s", (moment.nanos() - zero) / Micros.NANOS,
                String.format(Locale.ROOT, "+%.1f", (moment.nanos() - before) / Micros.NANOS), actors,
                moment.text()));
        before = moment.nanos();
    }

    private void line(String content) {
        text.append(content).append('\n');
        lines++;
    }
}
