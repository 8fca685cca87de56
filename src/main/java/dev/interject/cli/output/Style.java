package dev.interject.cli.output;

import dev.interject.linux.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Colour on a terminal, none elsewhere; {@code NO_COLOR} (no-color.org) and {@code TERM=dumb} are honoured. */
public final class Style {

    /** Without colour, as for a file. */
    public static final Style PLAIN = new Style(Ansi.OFF);

    private final Ansi ansi;

    private Style(Ansi ansi) {
        this.ansi = ansi;
    }

    /** The style of standard output. */
    static Style ofStandardOutput() {
        String noColor = System.getenv("NO_COLOR");
        boolean refused = noColor != null && !noColor.isEmpty() || "dumb".equals(System.getenv("TERM"));
        return !refused && Terminal.isTerminal(Terminal.STDOUT) ? new Style(Ansi.ON) : PLAIN;
    }

    /** The same for the help that picocli prints. */
    public ColorScheme colorScheme() {
        return CommandLine.Help.defaultColorScheme(ansi);
    }

    public String bold(String text) {
        return paint("bold", text);
    }

    public String faint(String text) {
        return paint("faint", text);
    }

    public String good(String text) {
        return paint("green", text);
    }

    public String bad(String text) {
        return paint("red", text);
    }

    public String warning(String text) {
        return paint("yellow", text);
    }

    private String paint(String style, String text) {
        return ansi.enabled() ? ansi.string("@|" + style + " " + text + "|@") : text;
    }
}
