package dev.interject.cli.option;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.interject.interrupt.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how an interrupt is handed to KVM. */
public final class PathConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String word) {
        return Arrays.stream(Path.values())
                .filter(path -> path.label().equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no path '%s'; there are %s".formatted(word,
                        Arrays.stream(Path.values()).map(Path::label).collect(Collectors.joining(", ")))));
    }
}
