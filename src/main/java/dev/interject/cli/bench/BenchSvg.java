package dev.interject.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.interject.cli.output.Micros;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.experiment.bench.Distribution;
import dev.interject.experiment.bench.Subject;

/**
 * A measurement as a picture: a line for each figure on one logarithmic axis; the darker, the more of its times are
 * there; a stroke at the median, a short one at the 99th percentile, and a hollow one at the reference's median.
 */
final class BenchSvg {

    private static final int WIDTH = 1000;
    private static final int LEFT = 330;
    private static final int RIGHT = 20;
    private static final int TOP = 60;
    private static final int ROW = 18;
    private static final int BOTTOM = 40;

    private final List<Line> lines = new ArrayList<>();
    private final StringBuilder svg = new StringBuilder();
    private double lowest = Double.MAX_VALUE;
    private double highest = 1;

    private record Line(Subject subject, Figure figure) {}

    private BenchSvg(BenchReport report) {
        for (Row row : report.rows()) {
            if (row instanceof Row.Measured measured) {
                measured.figures().forEach(figure -> lines.add(new Line(measured.subject(), figure)));
            }
        }
        for (Line line : lines) {
            lowest = Math.min(lowest, Math.max(1, line.figure().times().min()));
            highest = Math.max(highest, line.figure().times().max());
        }
        lowest = Math.pow(10, Math.floor(Math.log10(Math.min(lowest, highest))));
        highest = Math.pow(10, Math.ceil(Math.log10(highest + 1)));
    }

    static String render(BenchReport report) {
        return new BenchSvg(report).render();
    }

    private String render() {
        int height = TOP + ROW * lines.size() + BOTTOM;
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d"
                     font-family="sans-serif" font-size="11">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="10" y="24" font-size="16">What an interrupt costs</text>
                <text x="10" y="42" fill="#555">| median, short: 99th percentile, hollow: the reference in C</text>
                """.formatted(WIDTH, height));
        for (double decade = lowest; decade <= highest * 1.001; decade *= 10) {
            append("<line x1='%.1f' x2='%1$.1f' y1='%d' y2='%d' stroke='#ddd'/>%n", x(decade), TOP - 6,
                    height - BOTTOM);
            append("<text x='%.1f' y='%d' text-anchor='middle' fill='#555'>%s us</text>%n", x(decade),
                    height - BOTTOM + 16, decade < Micros.NANOS
                            ? String.format(Locale.ROOT, "%.2f", decade / Micros.NANOS)
                            : "%,.0f".formatted(decade / Micros.NANOS));
        }
        for (int i = 0; i < lines.size(); i++) {
            line(lines.get(i), TOP + i * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private void line(Line line, int y) {
        Distribution times = line.figure().times();
        append("<text x='10' y='%d'>%s, %s, %s</text>%n", y + 12, line.subject().way(),
                line.figure().quantity().title(), line.subject().load().label());
        List<Distribution.Bar> bars = times.bars();
        long most = bars.stream().mapToLong(Distribution.Bar::count).max().orElse(1);
        for (Distribution.Bar bar : bars) {
            if (bar.count() > 0) {
                double from = x(bar.from());
                append("<rect x='%.1f' y='%d' width='%.1f' height='10' fill='#2060a0' opacity='%.2f'/>%n", from, y + 3,
                        Math.max(1, x(bar.to()) - from), 0.08 + 0.82 * bar.count() / most);
            }
        }
        append("<line x1='%.1f' x2='%1$.1f' y1='%d' y2='%d' stroke='#c03020' stroke-width='2'/>%n", x(times.at(50)), y,
                y + 16);
        append("<line x1='%.1f' x2='%1$.1f' y1='%d' y2='%d' stroke='#c03020'/>%n", x(times.at(99)), y + 4, y + 12);
        line.figure()
                .besideC()
                .ifPresent(c -> append("<rect x='%.1f' y='%d' width='4' height='16' fill='none' stroke='#208040'/>%n",
                        x(c.times().at(50)) - 2, y));
    }

    private double x(double nanos) {
        double part = Math.log(Math.max(nanos, lowest) / lowest) / Math.log(highest / lowest);
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }

    private void append(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values).replace('\'', '"'));
    }
}
