package dev.interject.experiment;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d+)(?:\\.(\\d{1,9}))?(us|ms|s|m)?");
    private static final Pattern ZERO = Pattern.compile("0+(\\.0+)?");
    private static final String ZEROS = "000000000";
    private static final int DIGITS = 9;
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final long NANOS_PER_MICRO = 1000;
    private static final long MILLIS_PER_TENTH = 100;
    private static final int TENTHS = 10;

    private Durations() {}

    /**
     * Reads {@code 2s}, {@code 250ms}, {@code 10us} or {@code 1.5m}; only 0 goes without a unit.
     *
     * @throws IllegalArgumentException if the text is no time, or more than a day
     */
    public static Duration parse(String text) {
        return parse(text, Optional.empty());
    }

    /** The same of a text that may have no unit: then it counts seconds. */
    public static Duration parseSeconds(String text) {
        return parse(text, Optional.of("s"));
    }

    private static Duration parse(String text, Optional<String> otherwise) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a time such as 2s, 250ms or 1m");
        }
        Optional<String> unit = Optional.ofNullable(matcher.group(3)).or(() -> otherwise);
        if (unit.isEmpty()) {
            if (!ZERO.matcher(text).matches()) {
                throw new IllegalArgumentException("'%1$s' has no unit: %1$ss, %1$sms or %1$sus".formatted(text));
            }
            return Duration.ZERO;
        }
        long nanosPerUnit = switch (unit.get()) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            default -> 60_000_000_000L;
        };
        String digits = matcher.group(1);
        long whole = digits.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
        long billionths =
                matcher.group(2) == null ? 0 : Long.parseLong((matcher.group(2) + ZEROS).substring(0, DIGITS));
        // in two steps, so that neither overflows
        boolean tooLong = whole > LONGEST.toNanos() / nanosPerUnit;
        long nanos = tooLong ? 0 : whole * nanosPerUnit + billionths * (nanosPerUnit / 1_000) / 1_000_000;
        if (tooLong || nanos > LONGEST.toNanos()) {
            throw new IllegalArgumentException("'" + text + "' is more than a day");
        }
        return Duration.ofNanos(nanos);
    }

    /** Formats a duration in the unit that suits it: {@code 2 s}, {@code 1.5 s}, {@code 250 ms} or {@code 10 us}. */
    public static String format(Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            return Math.ceilDiv(duration.toNanos(), NANOS_PER_MICRO) + " us";
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        long tenths = Math.round((double) duration.toMillis() / MILLIS_PER_TENTH);
        String seconds = Long.toString(tenths / TENTHS);
        return (tenths % TENTHS == 0 ? seconds : seconds + "." + tenths % TENTHS) + " s";
    }
}
