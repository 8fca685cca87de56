package dev.interject.cli.command;

import java.util.concurrent.Callable;

import dev.interject.cli.output.Console;
import picocli.CommandLine.Command;

/** What all commands have in common: {@code --help}, {@code --version} and a console to write to. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
public abstract class BaseCommand implements Callable<Integer> {

    private final Console console;

    protected BaseCommand(Console console) {
        this.console = console;
    }

    protected final Console console() {
        return console;
    }
}
