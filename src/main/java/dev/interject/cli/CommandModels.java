package dev.interject.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * Makes picocli's models of the commands, from their annotations.
 *
 * <p>Reading annotations takes a fifth of a short start. So {@code scripts/link} generates another class of this
 * name, which makes the same models without reading any (ADR 0024).
 */
final class CommandModels {

    private CommandModels() {}

    /** The model of a command, which sets the command's fields. */
    static CommandSpec of(Object command) {
        return CommandSpec.forAnnotatedObject(command);
    }
}
