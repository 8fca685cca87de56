package dev.interject.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a size in bytes: {@code 64M}, {@code 512K} or {@code 2G}. */
public final class SizeConverter implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d+)([KMG])", Pattern.CASE_INSENSITIVE);
    private static final int MOST_DIGITS = 9;

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 64M or 2G");
        }
        if (matcher.group(1).length() > MOST_DIGITS) {
            throw new TypeConversionException("'%s' is more than %s%s".formatted(text, "9".repeat(MOST_DIGITS),
                    matcher.group(2)));
        }
        int shift = switch (Character.toUpperCase(matcher.group(2).charAt(0))) {
            case 'K' -> 10;
            case 'M' -> 20;
            default -> 30;
        };
        return Long.parseLong(matcher.group(1)) << shift;
    }
}
