package dev.interject.cli;

import static dev.interject.cli.option.UsageException.require;

import java.util.Iterator;

import dev.interject.cli.command.BaseCommand;
import dev.interject.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code interject help}. */
@Command(name = "help", description = "Shows the help of a command, as --help does.",
        footer = {"", "Example:", "  interject help run"})
final class HelpCommand extends BaseCommand {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", completionCandidates = Commands.class,
            description = "the command; without one, the list of all commands")
    private String command;

    HelpCommand(Console console) {
        super(console);
    }

    /** What completion offers. */
    static final class Commands implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return InterjectCommand.names().iterator();
        }
    }

    @Override
    public Integer call() {
        CommandLine program = spec.parent().commandLine();
        CommandLine shown = command == null ? program : program.getSubcommands().get(command);
        require(shown != null, UsageMessage.noSuchCommand(String.valueOf(command), program));
        shown.usage(program.getOut(), program.getColorScheme());
        return 0;
    }
}
