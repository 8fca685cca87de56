package dev.interject.cli.svg;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.interject.cli.output.PlainText;
import dev.interject.cli.output.WordWrap;

/**
 * A picture in SVG, with a background of its own and the colours of the reader's preferred scheme, light or dark.
 * Lengths are pixels; the page grows to hold its text.
 */
public final class SvgPage {

    /** From an edge of the page to its content. */
    public static final int MARGIN = 16;
    /** From one line of text to the next. */
    public static final int LINE_HEIGHT = 18;

    private static final double CHARACTER_WIDTH = 7.25;
    private static final double TITLE_CHARACTER_WIDTH = 10.3;
    private static final int CHARACTERS_PER_LINE = 145;
    private static final int SYMBOL_WIDTH = 22;
    private static final int LEGEND_GAP = 28;

    /** The style of a text. */
    public enum Font {
        /** On top of shapes, with an outline in the background colour. */
        LABEL, DIM, BOLD, TITLE, ALERT
    }

    // from the bottom to the top
    private final StringBuilder back = new StringBuilder();
    private final StringBuilder shapes = new StringBuilder();
    private final StringBuilder dots = new StringBuilder();
    private final StringBuilder lettering = new StringBuilder();
    private final Set<Colour> used = EnumSet.noneOf(Colour.class);
    private String title = "";
    private double width;

    /** @param width the width that the page has at least */
    public SvgPage(double width) {
        this.width = width;
    }

    /** The width of a text: the font is monospaced. */
    public static double widthOf(String text) {
        return text.length() * CHARACTER_WIDTH;
    }

    /** The page's width so far. */
    public double width() {
        return width;
    }

    /** Whether a shape has this colour. */
    public boolean uses(Colour colour) {
        return used.contains(colour);
    }

    /**
     * Puts the title and some lines below it at the top of the page; long lines are wrapped.
     *
     * @param alert a line that must not be overlooked; empty for none
     * @return the y below them
     */
    public double heading(String words, List<String> lines, String alert) {
        title = words;
        double y = 28;
        text(MARGIN, y, words, Font.TITLE);
        y += 2;
        for (String line : lines) {
            y = paragraph(y, line, Font.DIM);
        }
        return alert.isEmpty() ? y + 8 : paragraph(y, alert, Font.ALERT) + 8;
    }

    private double paragraph(double top, String words, Font font) {
        double y = top;
        for (String line : WordWrap.fold(words, CHARACTERS_PER_LINE)) {
            y += LINE_HEIGHT;
            text(MARGIN, y, line, font);
        }
        return y;
    }

    /** A strip with a slightly different background. */
    public void panel(double x, double y, double w, double h) {
        put(back, "<rect class='panel' x='%.1f' y='%.1f' width='%.1f' height='%.1f' rx='3'/>", x, y, w, h);
    }

    /** A vertical line of the grid. */
    public void gridLine(double x, double top, double bottom) {
        put(back, "<line class='grid' x1='%.1f' y1='%.1f' x2='%1$.1f' y2='%.1f'/>", x, top, bottom);
    }

    /** A filled rectangle. */
    public void bar(Colour colour, double x, double y, double w, double h) {
        bar(colour, x, y, w, h, 1);
    }

    /** @param opacity above 0, up to 1 */
    public void bar(Colour colour, double x, double y, double w, double h, double opacity) {
        used.add(colour);
        put(shapes, "<rect class='%s bar' x='%.1f' y='%.1f' width='%.1f' height='%.1f' opacity='%.2f'/>",
                colour.cssClass(), x, y, Math.max(1, w), h, opacity);
    }

    /** The outline of a rectangle. */
    public void frame(Colour colour, double x, double y, double w, double h) {
        used.add(colour);
        put(shapes, "<rect class='%s frame' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>", colour.cssClass(), x, y,
                w, h);
    }

    /** A vertical stroke. */
    public void stroke(Colour colour, double x, double top, double bottom) {
        used.add(colour);
        put(shapes, "<line class='%s stroke' x1='%.1f' y1='%.1f' x2='%2$.1f' y2='%.1f'/>", colour.cssClass(), x, top,
                bottom);
    }

    /** A distance with a bar at each end, and its text to the right. */
    public void measure(Colour colour, double left, double right, double y, String words) {
        used.add(colour);
        put(shapes, "<path class='%s line' d='M%.1f %.1fv8M%2$.1f %.1fH%.1fM%5$.1f %3$.1fv8'/>", colour.cssClass(),
                left, y - 4, y, right);
        text(right + 8, y + 4, words, Font.LABEL);
    }

    /** A thin line from a dot up to the top of its text, and the text to the right of the line. */
    public void label(Colour colour, double x, double y, double baseline, String words) {
        used.add(colour);
        put(dots, "<line class='%s lead' x1='%.1f' y1='%.1f' x2='%2$.1f' y2='%.1f'/>", colour.cssClass(), x, y,
                baseline - 9);
        text(x + 4, baseline, words, Font.LABEL);
    }

    /** A dot; on top of other shapes. */
    public void dot(Colour colour, double x, double y) {
        used.add(colour);
        put(dots, "<circle class='%s dot' cx='%.1f' cy='%.1f' r='3.5'/>", colour.cssClass(), x, y);
    }

    /** An arrow: down from its start, across at the height {@code turn}, and down to its tip. */
    public void arrow(Colour colour, double x, double top, double turn, double tipX, double tip) {
        used.add(colour);
        put(shapes, "<path class='%s line arrow' d='M%.1f %.1fV%.1fH%.1fV%.1f'/>", colour.cssClass(), x, top, turn,
                tipX, tip - 6);
        put(shapes, "<path class='%s tip' d='M%.1f %.1fl-4 -7h8z'/>", colour.cssClass(), tipX, tip);
    }

    /** Text that starts at {@code x}, on the baseline {@code y}. */
    public void text(double x, double y, String words, Font font) {
        double needed = font == Font.TITLE ? words.length() * TITLE_CHARACTER_WIDTH : widthOf(words);
        width = Math.max(width, x + needed + MARGIN);
        put(lettering, "<text class='%s' x='%.1f' y='%.1f'>%s</text>", font.name().toLowerCase(Locale.ROOT), x, y,
                escaped(words));
    }

    /**
     * Explains the colours, in as many rows as it takes.
     *
     * @return the y below it
     */
    public double legend(double top, List<LegendEntry> entries) {
        double x = MARGIN;
        double y = top + LINE_HEIGHT;
        for (LegendEntry entry : entries) {
            double needed = SYMBOL_WIDTH + widthOf(entry.meaning());
            if (x > MARGIN && x + needed + MARGIN > width) {
                x = MARGIN;
                y += LINE_HEIGHT;
            }
            symbol(entry, x, y);
            text(x + SYMBOL_WIDTH, y, entry.meaning(), Font.DIM);
            x += needed + LEGEND_GAP;
        }
        return y + MARGIN - 4;
    }

    private void symbol(LegendEntry entry, double x, double y) {
        switch (entry.symbol()) {
            case BAR -> bar(entry.colour(), x, y - 10, 16, 11);
            case ARROW -> arrow(entry.colour(), x, y - 11, y - 8, x + 11, y + 1);
            case STROKE -> stroke(entry.colour(), x + 8, y - 12, y + 3);
            case SHORT_STROKE -> stroke(entry.colour(), x + 8, y - 8, y - 1);
            case FRAME -> frame(entry.colour(), x + 6, y - 12, 4, 15);
        }
    }

    /**
     * The whole file.
     *
     * @param description the picture in words, for readers who do not see it
     */
    public String finish(double height, String description) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
                role="img" aria-labelledby="title desc">
                <title id="title">%3$s</title>
                <desc id="desc">%4$s</desc>
                <style>
                text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
                .label { paint-order: stroke; stroke-width: 3px; stroke-linejoin: round }
                .title { font-size: 17px; font-weight: bold } .bold { font-weight: bold }
                .bar { stroke: none } .frame, .line { fill: none; stroke-width: 1.5 } .stroke { stroke-width: 1.5 }
                .grid { stroke-width: 1 } .lead { stroke-width: 1; opacity: .7 }
                %5$s@media (prefers-color-scheme: dark) {
                %6$s}
                </style>
                <rect class="background" width="%1$d" height="%2$d" rx="6"/>
                %7$s%8$s%9$s%10$s</svg>
                """.formatted(Math.round(Math.ceil(width)), Math.round(Math.ceil(height)), escaped(title),
                escaped(description), css(false), css(true), back, shapes, dots, lettering);
    }

    private static String css(boolean dark) {
        StringBuilder css = new StringBuilder();
        for (Colour colour : Colour.values()) {
            put(css, ".%s { fill: %s; stroke: %2$s }", colour.cssClass(), colour.on(dark));
        }
        put(css, "text, .background { stroke: none } .frame, .line { fill: none } .bar { stroke: none }");
        put(css, "text { fill: %s } text.dim { fill: %s; stroke: none } text.alert { fill: %s }",
                Colour.TEXT.on(dark), Colour.DIM.on(dark), Colour.RED.on(dark));
        put(css, ".label, .dot { stroke: %s }", Colour.BACKGROUND.on(dark));
        return css.toString();
    }

    private static String escaped(String words) {
        return PlainText.forXml(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void put(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
