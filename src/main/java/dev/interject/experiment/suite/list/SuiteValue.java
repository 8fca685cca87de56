package dev.interject.experiment.suite.list;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of a suite's file; an {@link IllegalArgumentException} names the form that is wanted. */
final class SuiteValue {

    private static final Pattern ADDRESS = Pattern.compile("0[xX]([0-9a-fA-F]{1,15})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private static final int MOST_EXIT_CODE = 255;

    private SuiteValue() {}

    private static Matcher match(Pattern form, String text, String example) {
        Matcher matcher = form.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not %s".formatted(text, example));
        }
        return matcher;
    }

    static long address(String text) {
        return Long.parseLong(match(ADDRESS, text, "an address such as 0x100000").group(1), 16);
    }

    static int number(String text) {
        return Integer.parseInt(match(NUMBER, text, "a number").group());
    }

    /** What a guest can end with: with the value v at the exit port, 2v + 1. */
    static int exitCode(String text) {
        int code = number(text);
        if (code % 2 == 0 || code > MOST_EXIT_CODE) {
            throw new IllegalArgumentException("'%s' is no exit code of a guest: those are odd, 1 to %d".formatted(text,
                    MOST_EXIT_CODE));
        }
        return code;
    }

    /** The enum's constant with this label. */
    static <E extends Enum<E>> E word(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.toString().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("'%s' is none of %s".formatted(text,
                String.join(", ", java.util.stream.Stream.of(type.getEnumConstants()).map(Enum::toString).toList())));
    }
}
