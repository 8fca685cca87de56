package dev.interject.cli.option;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.interject.guest.BuiltinGuest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a built-in guest. */
final class GuestConverter implements ITypeConverter<BuiltinGuest> {

    @Override
    public BuiltinGuest convert(String name) {
        return BuiltinGuest.named(name)
                .orElseThrow(() -> new TypeConversionException("there is no guest '%s'; there are %s"
                        .formatted(name, Arrays.stream(BuiltinGuest.values())
                                .map(BuiltinGuest::label)
                                .collect(Collectors.joining(", ")))));
    }
}
