package dev.interject.cli.option;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.interject.interrupt.Irqchip;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where the interrupt controllers are to live. */
public final class IrqchipConverter implements ITypeConverter<Irqchip> {

    @Override
    public Irqchip convert(String word) {
        return Arrays.stream(Irqchip.values())
                .filter(irqchip -> irqchip.label().equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no irqchip '%s'; there are %s".formatted(word,
                        Arrays.stream(Irqchip.values()).map(Irqchip::label).collect(Collectors.joining(", ")))));
    }
}
