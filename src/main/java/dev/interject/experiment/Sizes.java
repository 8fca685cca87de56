package dev.interject.experiment;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes in bytes: {@code 64M}, {@code 512K} or {@code 2G}. */
public final class Sizes {

    private static final Pattern FORM = Pattern.compile("(\\d+)([KMG])?", Pattern.CASE_INSENSITIVE);
    private static final int MOST_DIGITS = 9;

    private Sizes() {}

    /** @throws IllegalArgumentException if the text is no size with a unit, or too large */
    public static long parse(String text) {
        return parse(text, Optional.empty());
    }

    /** The same of a text that may have no letter: then it counts MiB, as for QEMU's {@code -m}. */
    public static long parseMebibytes(String text) {
        return parse(text, Optional.of("M"));
    }

    private static long parse(String text, Optional<String> otherwise) {
        Matcher matcher = FORM.matcher(text);
        Optional<String> unit = matcher.matches() ? Optional.ofNullable(matcher.group(2)).or(() -> otherwise)
                : Optional.empty();
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 64M or 2G");
        }
        if (matcher.group(1).length() > MOST_DIGITS) {
            throw new IllegalArgumentException("'%s' is more than %s%s".formatted(text, "9".repeat(MOST_DIGITS),
                    unit.get()));
        }
        int shift = switch (Character.toUpperCase(unit.get().charAt(0))) {
            case 'K' -> 10;
            case 'M' -> 20;
            default -> 30;
        };
        return Long.parseLong(matcher.group(1)) << shift;
    }
}
