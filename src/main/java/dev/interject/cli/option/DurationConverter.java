package dev.interject.cli.option;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 2s}, {@code 250ms}, {@code 1.5m}; only 0 goes without a unit. */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d+)(?:\\.(\\d{1,9}))?(us|ms|s|m)?");
    private static final Pattern ZERO = Pattern.compile("0+(\\.0+)?");
    private static final String ZEROS = "000000000";
    private static final int DIGITS = 9;
    private static final Duration LONGEST = Duration.ofDays(1);

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a time such as 2s, 250ms or 1m");
        }
        String unit = matcher.group(3);
        if (unit == null) {
            if (!ZERO.matcher(text).matches()) {
                throw new TypeConversionException("'%1$s' has no unit: %1$ss, %1$sms or %1$sus".formatted(text));
            }
            return Duration.ZERO;
        }
        long nanosPerUnit = switch (unit) {
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
            throw new TypeConversionException("'" + text + "' is more than a day");
        }
        return Duration.ofNanos(nanos);
    }
}
