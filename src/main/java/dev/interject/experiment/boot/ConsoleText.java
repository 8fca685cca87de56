package dev.interject.experiment.boot;

/**
 * A text that a guest's console may show; only the first time counts.
 *
 * @param ends whether the guest ends there, rather than being held until {@link BootedPc#resume}
 */
public record ConsoleText(String text, boolean ends) {}
