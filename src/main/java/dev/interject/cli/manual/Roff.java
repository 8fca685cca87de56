package dev.interject.cli.manual;

import java.util.List;
import java.util.Locale;

/** A manual page in the {@code man} macros of roff, as both groff and mandoc read them. */
final class Roff {

    /** The maximum length of a source line, before escapes. */
    private static final int WIDTH = 72;

    /** Turns hyphenation off, since a word may be one to type. groff's {@code .EE} turns it on again. */
    private static final String UNBROKEN = ".nh";

    private final StringBuilder page = new StringBuilder();

    /** The first line: the page's name, its date (YYYY-MM-DD) and the program. */
    Roff title(String name, String date, String program) {
        return request(".TH \"%s\" \"1\" \"%s\" \"%s\" \"Interject manual\"".formatted(
                escape(name.toUpperCase(Locale.ROOT)), date, escape(program))).request(UNBROKEN).request(".ad l");
    }

    Roff section(String heading) {
        return request(".SH \"" + escape(heading.toUpperCase(Locale.ROOT)) + "\"");
    }

    /** The one line that {@code apropos} searches. */
    Roff name(String name, String headline) {
        return section("Name").request(escape(name) + " \\- " + escape(headline));
    }

    /** A paragraph of text. */
    Roff text(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        return line(line.toString());
    }

    private Roff line(String text) {
        // a line that begins with a dot or a quote would be a request
        return request((text.startsWith(".") || text.startsWith("'") ? "\\&" : "") + escape(text));
    }

    /** The tag of a list's entry, made by {@link #bold} and {@link #italic}; its {@link #text} follows. */
    Roff item(String markup) {
        return request(".TP").request(markup);
    }

    /** Lines printed as they are. */
    Roff literal(List<String> lines) {
        request(".RS 4").request(".EX");
        lines.forEach(this::line);
        return request(".EE").request(".RE").request(UNBROKEN);
    }

    /** A line of roff. */
    Roff request(String line) {
        page.append(line).append('\n');
        return this;
    }

    static String bold(String text) {
        return "\\fB" + escape(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + escape(text) + "\\fR";
    }

    /** Escapes the backslash and what groff would make typographic, so that a copied command works. */
    private static String escape(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("\"", "\\(dq")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
