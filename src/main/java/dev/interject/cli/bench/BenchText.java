package dev.interject.cli.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.BenchPath;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchReport.BesideC;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.experiment.bench.Distribution;
import dev.interject.experiment.bench.Load;
import dev.interject.experiment.bench.Quantity;
import dev.interject.experiment.bench.Ratio;
import dev.interject.experiment.bench.Subject;

/** A benchmark as tables, 80 columns wide: one for each quantity and state of the vCPU, with a row for each path. */
final class BenchText {

    private static final String PATH = "  %-9s %-9s %-4s";
    private static final int FIGURES = 6;
    private static final int MOST_HISTOGRAMS = 2;
    private static final int BAR = 50;
    private static final double NANOS_PER_SECOND = 1e9;

    private final TextPage page;

    BenchText(Style style) {
        this.page = new TextPage(style);
    }

    String render(BenchReport report, Optional<BenchBaseline> before) {
        page.line("");
        page.line("  %,d interrupts per round, %d rounds, each with a new VM; times in microseconds".formatted(
                report.plan().count(), report.plan().rounds()));
        for (Quantity quantity : Quantity.values()) {
            for (Load load : Load.values()) {
                table(report, quantity, load);
            }
        }
        allocations(report);
        if (report.plan().reference()) {
            besideC(report);
        }
        before.ifPresent(baseline -> beside(report, baseline));
        histograms(report);
        notMeasured(report);
        return page.toString();
    }

    /** The figures of one path and one quantity. */
    private record Line(Subject subject, Figure figure) {}

    private static List<Line> lines(BenchReport report, Quantity quantity, Load load) {
        List<Line> lines = new ArrayList<>();
        for (Row row : report.rows()) {
            if (row instanceof Row.Measured measured && measured.subject().load() == load) {
                measured.figures()
                        .stream()
                        .filter(figure -> figure.quantity() == quantity)
                        .forEach(figure -> lines.add(new Line(measured.subject(), figure)));
            }
        }
        return lines;
    }

    private static String title(Quantity quantity, Load load) {
        return switch (quantity) {
            case INJECTION, HANDLER, ROUND_TRIP, KICK -> "%s, vCPU %s".formatted(quantity.title(), load.label());
            case COUNT, WINDOW, START, RESTORE -> quantity.title();
        };
    }

    private void table(BenchReport report, Quantity quantity, Load load) {
        List<Line> lines = lines(report, quantity, load);
        if (lines.isEmpty()) {
            return;
        }
        heading(title(quantity, load), quantity.meaning());
        boolean rate = quantity == Quantity.COUNT;
        page.columns((PATH + " %6s".repeat(FIGURES) + " %8s").formatted("irqchip", "path", "to", "min", "p50", "p90",
                "p99", "p99.9", "max", rate ? "per sec" : "warm-up"));
        for (Line line : lines) {
            Distribution times = line.figure().times();
            String figures = LongStream.of(times.min(), times.at(50), times.at(90), times.at(99), times.at(99.9),
                    times.max()).mapToObj(nanos -> " %6s".formatted(Micros.of(nanos))).collect(Collectors.joining());
            page.line(path(line.subject().path()) + figures + " %8s".formatted(rate
                    ? "%,.0f".formatted(NANOS_PER_SECOND / times.mean())
                    : Micros.of(line.figure().warmUp().at(50))));
        }
    }

    private void heading(String title, String meaning) {
        page.section(capitalized(title));
        page.folded("  ", meaning);
    }

    private static String capitalized(String title) {
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }

    private static String path(BenchPath path) {
        return PATH.formatted(path.routeCase().irqchip(), path.routeCase().pathLabel(), path.guest().halted());
    }

    private void allocations(BenchReport report) {
        List<Row.Measured> counted = new ArrayList<>();
        for (Row row : report.rows()) {
            if (row instanceof Row.Measured measured && measured.injecting().isPresent()) {
                counted.add(measured);
            }
        }
        if (counted.isEmpty()) {
            return;
        }
        heading("Java heap", "bytes allocated per interrupt, by the injecting thread and the vCPU's thread");
        List<Row.Measured> some = counted.stream().filter(row -> most(row) > 0).toList();
        page.line("  %d of %d: 0 bytes".formatted(counted.size() - some.size(), counted.size()));
        for (Row.Measured row : some) {
            page.line("%s %s: %.3f and %.3f bytes".formatted(path(row.subject().path()), row.subject().load().label(),
                    row.injecting().getAsDouble(), row.vcpu().orElse(0)));
        }
    }

    private static double most(Row.Measured row) {
        OptionalDouble vcpu = row.vcpu();
        return Math.max(row.injecting().orElse(0), vcpu.orElse(0));
    }

    private void besideC(BenchReport report) {
        for (Quantity quantity : Quantity.values()) {
            for (Load load : Load.values()) {
                List<Line> lines = lines(report, quantity, load).stream()
                        .filter(line -> line.figure().besideC().isPresent())
                        .toList();
                if (!lines.isEmpty()) {
                    besideC(title(quantity, load), lines);
                }
            }
        }
    }

    private void besideC(String title, List<Line> lines) {
        heading(title + ", compared with C", "median and interquartile range of per-round ratios");
        page.columns((PATH + " %7s %7s %6s %11s %6s %11s").formatted("irqchip", "path", "to", "p50", "C's", "ratio",
                "", "p99", ""));
        for (Line line : lines) {
            BesideC c = line.figure().besideC().orElseThrow();
            page.line(path(line.subject().path()) + " %7s %7s %s %s".formatted(
                    Micros.of(line.figure().times().at(50)), Micros.of(c.times().at(50)), ratio(c.median()),
                    ratio(c.p99())));
        }
        List<Double> medians = lines.stream()
                .map(line -> line.figure().besideC().orElseThrow().median().median())
                .sorted(Comparator.naturalOrder())
                .toList();
        page.line(String.format(Locale.ROOT, "  all %d: median %.3f, from %.3f to %.3f", medians.size(),
                medians.get(medians.size() / 2), medians.getFirst(), medians.getLast()));
    }

    private static String ratio(Ratio ratio) {
        return String.format(Locale.ROOT, "%6.3f %11s", ratio.median(),
                String.format(Locale.ROOT, "%.2f-%.2f", ratio.lowerQuartile(), ratio.upperQuartile()));
    }

    private void beside(BenchReport report, BenchBaseline baseline) {
        heading("compared with " + baseline.name(),
                "its times, the times now, and the ratio of now to then; comparable on the same host and load only");
        page.columns((PATH + " %-16s %8s %8s %6s %6s").formatted("irqchip", "path", "to", "", "p50 then", "now", "p50",
                "p99"));
        int missing = 0;
        for (Quantity quantity : Quantity.values()) {
            for (Load load : Load.values()) {
                for (Line line : lines(report, quantity, load)) {
                    Optional<BenchBaseline.Times> then = baseline.find(line.subject(), quantity);
                    missing += then.isPresent() ? 0 : 1;
                    then.ifPresent(times -> beside(line, quantity, load, times));
                }
            }
        }
        if (missing > 0) {
            page.line("  not in %s: %d".formatted(baseline.name(), missing));
        }
    }

    private void beside(Line line, Quantity quantity, Load load, BenchBaseline.Times then) {
        Distribution now = line.figure().times();
        page.line(path(line.subject().path()) + String.format(Locale.ROOT, " %-16s %8s %8s %6.3f %6.3f",
                quantity.label() + (load == Load.BUSY ? ", busy" : ""), Micros.of(then.p50()), Micros.of(now.at(50)),
                (double) now.at(50) / Math.max(1, then.p50()), (double) now.at(99) / Math.max(1, then.p99())));
    }

    /** Only for a few paths: many histograms are too long to read. */
    private void histograms(BenchReport report) {
        if (lines(report, Quantity.ROUND_TRIP, Load.HALTED).size() > MOST_HISTOGRAMS) {
            return;
        }
        for (Load load : Load.values()) {
            for (Line line : lines(report, Quantity.ROUND_TRIP, load)) {
                heading("%s: %s".formatted(line.subject().path(), title(Quantity.ROUND_TRIP, load)),
                        "histogram: microseconds and number of interrupts");
                histogram(line.figure().times());
            }
        }
    }

    /** Up to the 99.9th percentile, and one line for the rest. */
    private void histogram(Distribution times) {
        List<Distribution.Bar> bars = times.bars();
        long highest = bars.stream().mapToLong(Distribution.Bar::count).max().orElse(1);
        long end = times.at(99.9);
        long beyond = 0;
        for (Distribution.Bar bar : bars) {
            if (bar.from() > end) {
                beyond += bar.count();
                continue;
            }
            String length = "#".repeat((int) Math.ceilDiv(bar.count() * BAR, highest));
            page.line("  %9s %8s %s".formatted(Micros.of(bar.from()), "%,d".formatted(bar.count()), length)
                    .stripTrailing());
        }
        if (beyond > 0) {
            page.line("     beyond %8s".formatted("%,d".formatted(beyond)));
        }
    }

    private void notMeasured(BenchReport report) {
        for (Row row : report.rows()) {
            switch (row) {
                case Row.Measured _ -> {
                    // shown above
                }
                case Row.Unsupported(Subject subject, String reason) ->
                    page.folded("  ", "%s: unsupported: %s".formatted(subject, reason));
                case Row.Failed(Subject subject, Outcome outcome, String reason) ->
                    page.folded("  ", "%s: %s: %s".formatted(subject, outcome.label(), reason));
            }
        }
    }
}
