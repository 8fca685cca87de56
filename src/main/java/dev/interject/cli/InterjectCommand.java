package dev.interject.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.interject.cli.bench.BenchCommand;
import dev.interject.cli.command.Version;
import dev.interject.cli.compare.CompareCommand;
import dev.interject.cli.doctor.DoctorCommand;
import dev.interject.cli.explain.ExplainCommand;
import dev.interject.cli.guests.GuestsCommand;
import dev.interject.cli.guests.LinesCommand;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.run.RunCommand;
import dev.interject.cli.sweep.SweepCommand;
import dev.interject.cli.trace.TraceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The top level: says what there is. */
@Command(name = "interject", versionProvider = Version.class, mixinStandardHelpOptions = true,
        description = "Injects interrupts into real KVM guests and accounts for every one of them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all interrupts taken", "1:not all taken, and why", "2:wrong usage, or refused as unsafe",
            "3:this host cannot, and the fix", "4:the guest crashed, and where", "5:the watchdog ended it",
            "70:a bug in Interject; please report it", "130:interrupted by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP"},
        footer = {"", "Examples:", "  interject doctor", "  interject run"})
final class InterjectCommand implements Runnable {

    /** In the order in which help lists them. */
    private static final Map<String, Function<Console, Object>> SUBCOMMANDS = subcommands();

    private static Map<String, Function<Console, Object>> subcommands() {
        Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("sweep", SweepCommand::new);
        commands.put("trace", TraceCommand::new);
        commands.put("guests", GuestsCommand::new);
        commands.put("lines", LinesCommand::new);
        commands.put("compare", CompareCommand::new);
        commands.put("bench", BenchCommand::new);
        return commands;
    }

    /** The commands, without help. */
    static Set<String> names() {
        return SUBCOMMANDS.keySet();
    }

    /**
     * The parser for these arguments. Where they begin with a subcommand, it knows no other: to build one takes picocli
     * as long as a short run takes the kernel.
     */
    static CommandLine parserOf(Console console, String... arguments) {
        CommandLine parser = new CommandLine(new InterjectCommand());
        Function<Console, Object> named = arguments.length == 0 ? null : SUBCOMMANDS.get(arguments[0]);
        if (named == null) {
            SUBCOMMANDS.forEach((name, command) -> parser.addSubcommand(name, command.apply(console)));
            parser.addSubcommand("help", new HelpCommand(console));
        } else {
            parser.addSubcommand(arguments[0], named.apply(console));
        }
        return parser;
    }

    @Override
    public void run() {
        throw new UsageException("say what to do: " + String.join(", ", SUBCOMMANDS.keySet()));
    }
}
