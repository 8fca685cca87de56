package dev.interject.cli.option;

import java.util.regex.Pattern;

import picocli.CommandLine.TypeConversionException;

/** The reason why a text is not the number that is wanted. */
final class NumberText {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+|0[xX][0-9a-fA-F]+");

    private NumberText() {}

    /**
     * The refusal of a text.
     *
     * @param range     the numbers that can be read, if it is one
     * @param otherwise what to say of it if it is none, after the text
     */
    static TypeConversionException refused(String text, String range, String otherwise) {
        return new TypeConversionException("'%s' %s".formatted(text,
                NUMBER.matcher(text).matches() ? "is not within " + range : otherwise));
    }
}
