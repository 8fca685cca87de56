package dev.interject.experiment.setting;

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

    /** The value as text, which {@link #parse} reads. */
    String format(T value);
}
