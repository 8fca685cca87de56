package dev.interject.experiment.suite;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of a suite's file; an {@link IllegalArgumentException} names the form that is wanted. */
final class SuiteValue {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kKmMgG]?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)?");
    private static final Pattern ADDRESS = Pattern.compile("0[xX]([0-9a-fA-F]{1,15})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    /** As for options. */
    private static final Duration LONGEST_TIME = Duration.ofDays(1);

    private static final int MOST_EXIT_CODE = 255;

    private SuiteValue() {}

    private static Matcher match(Pattern form, String text, String example) {
        Matcher matcher = form.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not %s".formatted(text, example));
        }
        return matcher;
    }

    /** A size in bytes; without a letter in MiB, as for QEMU's {@code -m}. */
    static long size(String text) {
        Matcher size = match(SIZE, text, "a size such as 64M or 2G");
        long number = Long.parseLong(size.group(1));
        return switch (size.group(2)) {
            case "k", "K" -> number << 10;
            case "g", "G" -> number << 30;
            default -> number << 20;
        };
    }

    /** A time; without a unit in seconds. */
    static Duration time(String text) {
        Matcher time = match(TIME, text, "a time such as 30, 30s, 500ms or 2m");
        long number = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case null, default -> Duration.ofSeconds(number);
        };
        if (duration.compareTo(LONGEST_TIME) > 0) {
            throw new IllegalArgumentException("'%s' is more than a day".formatted(text));
        }
        return duration;
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
