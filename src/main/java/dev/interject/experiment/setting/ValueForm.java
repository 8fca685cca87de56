package dev.interject.experiment.setting;

import java.util.Optional;

import dev.interject.interrupt.Irqchip;

/**
 * How the value of a setting is written.
 *
 * @param <T> the value
 */
public sealed interface ValueForm<T> permits NumberForm, RoutesForm, VectorsForm {

    /** What the value counts or names, such as {@code vector}. */
    String unit();

    /** The values that are allowed, as text. */
    String range();

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if it is not one; the message has the text only
     */
    T parse(String text);

    /** Why no machine with this irqchip can have a value; empty if one may have it. */
    default Optional<String> refusalOn(Irqchip irqchip, T value) {
        return Optional.empty();
    }

    /** The value as text, which {@link #parse} reads. */
    String format(T value);
}
