package dev.interject.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.interject.cli.output.Micros;
import dev.interject.cli.svg.Colour;
import dev.interject.cli.svg.LegendEntry;
import dev.interject.cli.svg.LegendEntry.Symbol;
import dev.interject.cli.svg.SvgPage;
import dev.interject.experiment.bench.BenchHost;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.experiment.bench.Distribution;
import dev.interject.experiment.bench.Subject;

/** A measurement as a picture: a row for each figure on one logarithmic axis, with its distribution and percentiles. */
final class BenchSvg {

    private static final int AXIS_WIDTH = 640;
    private static final int ROW = 20;
    private static final int BAR_HEIGHT = 10;
    private static final double PALEST = 0.15;

    private record Line(Subject subject, Figure figure) {

        String name() {
            return "%s, %s, %s".formatted(subject.path(), figure.quantity().title(), subject.load().label());
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final SvgPage page;
    private final double left;
    private final double lowest;
    private final double highest;

    private BenchSvg(BenchReport report) {
        for (Row row : report.rows()) {
            if (row instanceof Row.Measured measured) {
                measured.figures().forEach(figure -> lines.add(new Line(measured.subject(), figure)));
            }
        }
        left = 2 * SvgPage.MARGIN + lines.stream().mapToDouble(line -> SvgPage.widthOf(line.name())).max().orElse(0);
        page = new SvgPage(left + AXIS_WIDTH + SvgPage.MARGIN);
        double shortest = lines.stream().mapToLong(line -> line.figure().times().min()).min().orElse(1);
        double longest = lines.stream().mapToLong(line -> line.figure().times().max()).max().orElse(1);
        lowest = Math.pow(10, Math.floor(Math.log10(Math.max(1, shortest))));
        highest = Math.pow(10, Math.ceil(Math.log10(Math.max(1, longest) + 1)));
    }

    static String render(BenchReport report, BenchHost host) {
        return new BenchSvg(report).draw(report, host);
    }

    private String draw(BenchReport report, BenchHost host) {
        String measured = "%s, %d rounds of %d".formatted(host.describe(), report.plan().rounds(),
                report.plan().count());
        double top = page.heading("What an interrupt costs", List.of(measured),
                lines.isEmpty() ? "nothing was measured" : "");
        double bottom = top + ROW * lines.size();
        if (!lines.isEmpty()) {
            axis(top, bottom);
            for (int i = 0; i < lines.size(); i++) {
                line(lines.get(i), top + i * ROW);
            }
            bottom = page.legend(bottom + SvgPage.LINE_HEIGHT + 6, legend());
        }
        return page.finish(bottom + 4, "%d figures, each with the distribution of its times on a logarithmic axis; %s"
                .formatted(lines.size(), measured));
    }

    private List<LegendEntry> legend() {
        List<LegendEntry> entries = new ArrayList<>(List.of(
                new LegendEntry(Symbol.BAR, Colour.BLUE, "times: the darker, the more"),
                new LegendEntry(Symbol.STROKE, Colour.RED, "median"),
                new LegendEntry(Symbol.SHORT_STROKE, Colour.RED, "99th percentile")));
        if (page.uses(Colour.GREEN)) {
            entries.add(new LegendEntry(Symbol.FRAME, Colour.GREEN, "median of the reference in C"));
        }
        return entries;
    }

    private void axis(double top, double bottom) {
        for (double decade = lowest; decade <= highest * 1.001; decade *= 10) {
            double micros = decade / Micros.NANOS;
            String words = String.format(Locale.ROOT, micros < 0.1 ? "%.2f us" : micros < 1 ? "%.1f us" : "%,.0f us",
                    micros);
            page.gridLine(x(decade), top - 2, bottom + 4);
            page.text(x(decade) - SvgPage.widthOf(words) / 2, bottom + SvgPage.LINE_HEIGHT, words, SvgPage.Font.DIM);
        }
    }

    private void line(Line line, double y) {
        Distribution times = line.figure().times();
        page.text(SvgPage.MARGIN, y + 12, line.name(), SvgPage.Font.LABEL);
        page.panel(left, y + 3, AXIS_WIDTH, BAR_HEIGHT);
        List<Distribution.Bar> bars = times.bars();
        long most = bars.stream().mapToLong(Distribution.Bar::count).max().orElse(1);
        for (Distribution.Bar bar : bars) {
            if (bar.count() > 0) {
                double from = x(bar.from());
                page.bar(Colour.BLUE, from, y + 3, x(bar.to()) - from, BAR_HEIGHT,
                        PALEST + (1 - PALEST) * bar.count() / most);
            }
        }
        page.stroke(Colour.RED, x(times.at(50)), y, y + 16);
        page.stroke(Colour.RED, x(times.at(99)), y + 4, y + 12);
        line.figure()
                .besideC()
                .ifPresent(c -> page.frame(Colour.GREEN, x(c.times().at(50)) - 2, y, 4, 16));
    }

    private double x(double nanos) {
        double part = Math.log(nanos / lowest) / Math.log(highest / lowest);
        return left + Math.clamp(part, 0, 1) * AXIS_WIDTH;
    }
}
