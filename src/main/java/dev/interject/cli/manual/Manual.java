package dev.interject.cli.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the manual pages and the completions of bash and zsh into a directory. */
public final class Manual {

    private Manual() {}

    /**
     * Writes {@code interject.1}, a page for each command, {@code interject.bash} and {@code _interject}.
     *
     * @param arguments an existing directory; Interject's version; the pages' date as YYYY-MM-DD
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: Manual DIRECTORY VERSION DATE");
            System.exit(2);
        }
        write(Path.of(arguments[0]), arguments[1], arguments[2]);
    }

    static void write(Path directory, String version, String date) throws IOException {
        CommandSpec program = Main.commandLine().getCommandSpec();
        List<CommandSpec> all = new ArrayList<>(List.of(program));
        all.addAll(commands(program));
        for (CommandSpec command : all) {
            ManualPage page = new ManualPage(command, all);
            Files.writeString(directory.resolve(page.name() + ".1"), page.roff(version, date));
        }
        Files.writeString(directory.resolve("interject.bash"), new BashCompletion(program).script());
        Files.writeString(directory.resolve("_interject"), new ZshCompletion(program).script());
    }

    /** The visible commands, in the order of {@code --help}. */
    static List<CommandSpec> commands(CommandSpec program) {
        return program.subcommands()
                .values()
                .stream()
                .distinct() // an alias is a second key
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }

    /** Its visible options, in the same order. */
    static Stream<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden());
    }

    /** Its visible positional parameters. */
    static Stream<PositionalParamSpec> parameters(CommandSpec command) {
        return command.positionalParameters().stream().filter(parameter -> !parameter.hidden());
    }
}
