package dev.interject.cli.trace;

import java.util.Locale;

import dev.interject.cli.output.Micros;

/** A picture over time, written by hand; legible on light and on dark ground, by the reader's own preference. */
public final class SvgPage {

    private static final int LEAST_WIDTH = 1100;
    private static final int MARGIN = 16;
    private static final int LEFT = 96;
    /** Behind the last moment there is room for its words. */
    private static final int RIGHT = 850;
    private static final int FIRST_LANE = 92;
    private static final int TICKS = 8;
    private static final double CHARACTER = 7.25;
    private static final int AXIS = 44;

    private static final String STYLE =
            """
                    <style>
                    text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
                    fill: #1f2328 }
                    .word { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round }
                    .head { font-size: 17px; font-weight: bold } .dim { fill: #59636e } .name { font-weight: bold }
                    .ground { fill: #ffffff } .lane { fill: #f6f8fa } .grid { stroke: #d1d9e0; stroke-width: 1 }
                    .lead { stroke-width: 1; opacity: .55 }
                    .host { fill: #0969da; stroke: #0969da } .chip { fill: #9a6700; stroke: #9a6700 }
                    .run { fill: #b6bfc9; stroke: #818b98 } .handler { fill: #1a7f37; stroke: #1a7f37 }
                    .arrow { fill: none; stroke: #cf222e; stroke-width: 2 } .head-of-arrow { fill: #cf222e }
                    .measure { stroke: #cf222e; stroke-width: 1.5 }
                    .dot { stroke: #ffffff }
                    @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3 } .word { stroke: #0d1117 } .dim { fill: #9198a1 }
                    .ground { fill: #0d1117 } .lane { fill: #161b22 }
                    .grid { stroke: #30363d } .host { fill: #4493f8; stroke: #4493f8 }
                    .chip { fill: #d29922; stroke: #d29922 } .run { fill: #3d444d; stroke: #656c76 }
                    .handler { fill: #3fb950; stroke: #3fb950 } .arrow { stroke: #f85149 }
                    .head-of-arrow { fill: #f85149 } .measure { stroke: #f85149 } .dot { stroke: #0d1117 }
                    }
                    </style>
                    """;

    private final long from;
    private final long to;
    private final long zero;
    /** What lies under everything else. */
    private final StringBuilder lanes = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    /** What lies over everything else. */
    private final StringBuilder lettering = new StringBuilder();
    private String title = "";
    private double bottom = FIRST_LANE;
    private double width = LEAST_WIDTH;

    /**
     * @param from the first moment shown, in nanoseconds
     * @param to   the last
     * @param zero the one that times are told from
     */
    public SvgPage(long from, long to, long zero) {
        this.from = from;
        this.to = to;
        this.zero = zero;
    }

    /** One that has only words to show. */
    public static String withText(String heading, String below) {
        SvgPage page = new SvgPage(0, 1, 0);
        page.title(heading, below);
        return page.file(FIRST_LANE, below);
    }

    /** How much room words take; the font has one width. */
    static double widthOf(String words) {
        return words.length() * CHARACTER;
    }

    public boolean overlaps(long begin, long end) {
        return end - from >= 0 && to - begin >= 0;
    }

    double x(long nanos) {
        double part = (double) (nanos - from) / (to - from);
        return LEFT + Math.clamp(part, 0, 1) * (RIGHT - LEFT);
    }

    /** Where the next lane may begin. */
    double bottom() {
        return bottom;
    }

    void setBottom(double y) {
        bottom = y;
    }

    public void title(String heading, String below) {
        title = heading;
        text(16, 28, heading, "head");
        text(16, 48, below, "dim");
    }

    void lane(String name, double top, double end) {
        put(lanes, "<rect class='lane' x='%d' y='%.1f' width='%d' height='%.1f' rx='3'/>", LEFT, top - 3, RIGHT - LEFT,
                end - top + 6);
        text(16, top + 11, name, "name");
    }

    /** What the second row of a lane shows. */
    void lowerName(String name, double top) {
        text(16, top + 11, name, "dim");
    }

    void bar(long begin, long end, double y, int height, String style) {
        double left = x(begin);
        put(content, "<rect class='%s' x='%.1f' y='%.1f' width='%.1f' height='%d' rx='2'/>", style, left, y,
                Math.max(1, x(end) - left), height);
    }

    /** A moment, and its words somewhere below. */
    void label(double x, double y, double baseline, String words, String style) {
        put(content, "<line class='lead %s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>", style, x, y, x, baseline);
        put(content, "<circle class='%s dot' cx='%.1f' cy='%.1f' r='3.5'/>", style, x, y);
        text(x + 4, baseline, words, "word");
    }

    /** How long it took from one moment to another. */
    public void distance(long begin, long end, String what) {
        String words = what + " " + Micros.withUnit(end - begin);
        double left = x(begin);
        double right = x(end);
        put(content, "<path class='measure' d='M%.1f 74v10M%.1f 79H%.1fM%.1f 74v10'/>", left, left, right, right);
        double middle = (left + right) / 2 - widthOf(words) / 2;
        text(Math.max(left, middle), 70, words, "word");
    }

    /** From one lane to another. */
    public void arrow(long begin, double top, long end, double tip) {
        double left = x(begin);
        double right = x(end);
        double bend = Math.max(30, (right - left) / 2);
        put(content, "<path class='arrow' d='M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f'/>", left, top, left + bend, top,
                right, tip - (tip - top) / 2, right, tip - 7);
        put(content, "<path class='head-of-arrow' d='M%.1f %.1fl-5 -9h10z'/>", right, tip);
    }

    /** The whole file. */
    public String finish(String desc) {
        double y = bottom + 16;
        double step = step();
        for (long tick = 0; zero + Math.round(tick * step) <= to; tick++) {
            long nanos = zero + Math.round(tick * step);
            double x = x(nanos);
            put(lanes, "<line class='grid' x1='%.1f' y1='%d' x2='%.1f' y2='%.1f'/>", x, FIRST_LANE, x, y);
            String words = tick == 0 ? "0"
                    : String.format(Locale.ROOT, step < Micros.NANOS ? "%.1f" : "%.0f",
                            (nanos - zero) / Micros.NANOS);
            text(x - widthOf(words) / 2, y + 14, words, "dim");
        }
        text(16, y + 14, "us", "dim");
        return file(y + AXIS - 16, desc);
    }

    private String file(double height, String desc) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
                role="img" aria-labelledby="title desc">
                <title id="title">%3$s</title>
                <desc id="desc">%4$s</desc>
                %5$s<rect class="ground" width="%1$d" height="%2$d" rx="6"/>
                %6$s%7$s%8$s</svg>
                """.formatted(Math.round(width), Math.round(height), escaped(title), escaped(desc), STYLE, lanes,
                content,
                lettering);
    }

    /** 1, 2 or 5 times a power of ten, in nanoseconds, so that there are some ticks. */
    private double step() {
        double rough = Math.max(1, to - zero) / (double) TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double first = rough / power;
        return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
    }

    private void text(double x, double y, String said, String style) {
        width = Math.max(width, x + widthOf(said) + MARGIN);
        put(lettering, "<text class='%s' x='%.1f' y='%.1f'>%s</text>", style, x, y, escaped(said));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void put(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
