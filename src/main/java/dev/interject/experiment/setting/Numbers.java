package dev.interject.experiment.setting;

import java.util.regex.Pattern;

/** Reads whole numbers as the options do: in decimal or, with 0x, in hexadecimal. */
final class Numbers {

    private static final Pattern FORM = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]+");
    private static final int HEXADECIMAL = 16;
    private static final int LARGEST_DIGIT = 9;

    private Numbers() {}

    /**
     * An unsigned number of up to 64 bits.
     *
     * @throws NumberFormatException if it is none
     */
    static long parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        return text.startsWith("0x") || text.startsWith("0X")
                ? Long.parseUnsignedLong(text.substring(2), HEXADECIMAL)
                : Long.parseUnsignedLong(text);
    }

    /** Whether the text is a number that is not above {@code most}, unsigned. */
    static boolean isWithin(String text, long most) {
        try {
            return Long.compareUnsigned(parse(text), most) <= 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    /** In hexadecimal; a single digit as it is. */
    static String format(long value) {
        return value >= 0 && value <= LARGEST_DIGIT ? Long.toString(value) : "0x" + Long.toHexString(value);
    }
}
