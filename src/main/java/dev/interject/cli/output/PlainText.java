package dev.interject.cli.output;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text that contains what a user, a file or a guest has named. No part of it controls a terminal or fills the screen.
 */
public final class PlainText {

    private static final int LONGEST_WORD = 200;

    private static final int LONGEST_LINE = 2000;

    private static final Pattern LONG_WORD = Pattern.compile("[^ \n]{%d,}".formatted(LONGEST_WORD + 1));

    /** What {@link Style} writes. */
    private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;]*m");

    private static final Pattern NOT_IN_XML =
            Pattern.compile("[^\t\n\r\\x20-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]+");

    private PlainText() {}

    /** One line for a message: control characters are quoted, and what is long is cut in the middle. */
    public static String line(String text) {
        return cut(cutWords(quoted(text)), LONGEST_LINE);
    }

    /** The same for a page: it may have colours, and lines as long as need be. */
    static String page(String line) {
        return cutWords(verbatimPage(line));
    }

    /** The same with all words whole, since a user copies them. */
    static String verbatimPage(String line) {
        if (line.codePoints().noneMatch(PlainText::isControl)) {
            return line;
        }
        StringBuilder page = new StringBuilder();
        int from = 0;
        for (Matcher colour = COLOUR.matcher(line); colour.find(); from = colour.end()) {
            page.append(quoted(line.substring(from, colour.start()))).append(colour.group());
        }
        return page.append(quoted(line.substring(from))).toString();
    }

    /** Writes control characters as Java does, such as {@code \\u001b}, so that they do not reach a terminal. */
    private static String quoted(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isControl(c)) {
                line.append("\\u%04x".formatted(c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** Quotes what XML 1.0 cannot contain, also as a reference (section 2.2). */
    public static String forXml(String text) {
        return NOT_IN_XML.matcher(text).replaceAll(found -> Matcher.quoteReplacement(quotedAll(found.group())));
    }

    private static String quotedAll(String characters) {
        return characters.codePoints().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || switch (Character.getType(c)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String cutWords(String text) {
        return LONG_WORD.matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(cut(word.group(), LONGEST_WORD)));
    }

    /** The text, or its beginning and its end, as many characters of each. */
    public static String cut(String text, int longest) {
        return text.length() <= longest ? text
                : "%s...%s".formatted(text.substring(0, longest / 2), text.substring(text.length() - longest / 2));
    }
}
