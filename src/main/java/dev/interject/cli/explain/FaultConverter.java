package dev.interject.cli.explain;

import dev.interject.experiment.explain.Fault;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a situation. */
final class FaultConverter implements ITypeConverter<Fault> {

    @Override
    public Fault convert(String word) {
        return Fault.named(word)
                .orElseThrow(() -> new TypeConversionException(
                        "there is no fault '%s'; interject guests --faults lists them".formatted(word)));
    }
}
