package dev.interject.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.interject.cli.bench.BenchCommand;
import dev.interject.cli.boot.BootCommand;
import dev.interject.cli.command.Version;
import dev.interject.cli.compare.CompareCommand;
import dev.interject.cli.doctor.DoctorCommand;
import dev.interject.cli.explain.ExplainCommand;
import dev.interject.cli.guests.GuestsCommand;
import dev.interject.cli.guests.LinesCommand;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.restore.RestoreCommand;
import dev.interject.cli.run.RunCommand;
import dev.interject.cli.suite.SuiteCommand;
import dev.interject.cli.sweep.SweepCommand;
import dev.interject.cli.trace.TraceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The top-level command. */
@Command(name = "interject", versionProvider = Version.class, mixinStandardHelpOptions = true,
        description = "Injects interrupts into real KVM guests and accounts for every one of them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all interrupts taken", "1:not all taken", "2:usage error, or refused as unsafe",
            "3:host unsupported, or a call of the host failed", "4:guest crashed", "5:ended by the watchdog",
            "70:internal error: a bug, or a failed build of ./interject",
            "130:ended by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP"},
        footer = {"", "Examples:", "  interject doctor", "  interject run"})
final class InterjectCommand implements Runnable {

    /** In the order of the help. */
    private static final Map<String, Function<Console, Object>> SUBCOMMANDS = subcommands();

    private static Map<String, Function<Console, Object>> subcommands() {
        // lambdas load a command when it is made; references to constructors would load all commands at once
        Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
        commands.put("run", console -> new RunCommand(console));
        commands.put("doctor", console -> new DoctorCommand(console));
        commands.put("boot", console -> new BootCommand(console));
        commands.put("suite", console -> new SuiteCommand(console));
        commands.put("explain", console -> new ExplainCommand(console));
        commands.put("sweep", console -> new SweepCommand(console));
        commands.put("restore", console -> new RestoreCommand(console));
        commands.put("trace", console -> new TraceCommand(console));
        commands.put("guests", console -> new GuestsCommand(console));
        commands.put("lines", console -> new LinesCommand(console));
        commands.put("compare", console -> new CompareCommand(console));
        commands.put("bench", console -> new BenchCommand(console));
        return commands;
    }

    /** The commands, without help. */
    static Set<String> names() {
        return SUBCOMMANDS.keySet();
    }

    /**
     * The parser for these arguments. If they begin with a command, it has only that command, since building all
     * commands takes picocli longer than a short run takes.
     */
    static CommandLine parserOf(Console console, String... arguments) {
        CommandLine parser = new CommandLine(CommandModels.of(new InterjectCommand()));
        Function<Console, Object> named = arguments.length == 0 ? null : SUBCOMMANDS.get(arguments[0]);
        if (named == null) {
            SUBCOMMANDS
                    .forEach((name, command) -> parser.addSubcommand(name, CommandModels.of(command.apply(console))));
            parser.addSubcommand("help", CommandModels.of(new HelpCommand(console)));
        } else {
            parser.addSubcommand(arguments[0], CommandModels.of(named.apply(console)));
        }
        return parser;
    }

    @Override
    public void run() {
        throw new UsageException("no command given; there are " + String.join(", ", SUBCOMMANDS.keySet()));
    }
}
