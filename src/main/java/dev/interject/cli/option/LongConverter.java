package dev.interject.cli.option;

import picocli.CommandLine.ITypeConverter;

/** Reads a whole number of 64 bits in decimal or, with 0x, in hexadecimal. */
public final class LongConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseUnsignedLong(text);
        } catch (NumberFormatException notANumber) {
            throw NumberText.refused(text, "0 to 0xffffffffffffffff", "is not a number");
        }
    }
}
