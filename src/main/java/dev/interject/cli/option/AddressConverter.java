package dev.interject.cli.option;

import picocli.CommandLine.ITypeConverter;

/** Reads an address in decimal or, with 0x, in hexadecimal. */
public final class AddressConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            long address = text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
            if (address >= 0) {
                return address;
            }
        } catch (NumberFormatException notANumber) {
            // as an address that is out of range
        }
        throw NumberText.refused(text, "0 to 0x7fffffffffffffff", "is not an address such as 0x100000");
    }
}
