package dev.interject.cli.option;

import picocli.CommandLine.ITypeConverter;

/** Reads a whole number in decimal or, with 0x, in hexadecimal. A leading 0 alone does not mean octal. */
public final class NumberConverter implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        try {
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Integer.parseUnsignedInt(text.substring(2), 16)
                    : Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw NumberText.refused(text, "-2147483648 to 2147483647, or 0x0 to 0xffffffff", "is not a number");
        }
    }
}
