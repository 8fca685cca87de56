package dev.interject.cli;

import dev.interject.interrupt.Irqchip;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where the interrupt controllers are to live. */
final class IrqchipConverter implements ITypeConverter<Irqchip> {

    @Override
    public Irqchip convert(String word) {
        return switch (word) {
            case "kernel" -> Irqchip.KERNEL;
            case "userspace" -> Irqchip.USERSPACE;
            default ->
                throw new TypeConversionException("there is no irqchip '" + word + "'; there are kernel, userspace");
        };
    }
}
