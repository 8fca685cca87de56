package dev.interject.cli;

import java.io.PrintWriter;
import java.util.Locale;

import dev.interject.cli.command.CliError;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Outcome;
import picocli.CommandLine;

/** The program: parses the command line, runs the command, and turns every failure into one line and an exit code. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        // Figures look alike everywhere; and only for this locale does the JDK not load its tables of all locales.
        Locale.setDefault(Locale.US);
        int exitCode = execute(arguments);
        System.exit(exitCode);
    }

    /** Runs a command line and returns its exit code, without ending the JVM. */
    public static int execute(String... arguments) {
        try {
            int exitCode = commandLine(arguments).execute(arguments);
            // picocli prints help and version itself, and does not notice a full disk
            return System.out.checkError()
                    ? CliError.of("cannot write to standard output", Outcome.HOST_UNABLE).print()
                    : exitCode;
        } catch (Error failure) {
            return CliError.of(failure).print();
        }
    }

    /**
     * The parser for these arguments. Without any it knows all commands, as those need it who make something of them,
     * such as the manual pages.
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = InterjectCommand.parserOf(arguments);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpLongOptionsMaxWidth(26);
        commandLine.setParameterExceptionHandler(Main::usageError);
        commandLine.setExecutionExceptionHandler(Main::failure);
        commandLine.setColorScheme(Style.colorScheme());
        return commandLine;
    }

    private static int usageError(CommandLine.ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("interject: " + error.getMessage().lines().findFirst().orElse("wrong usage"));
        err.println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return Outcome.REFUSED.exitCode();
    }

    private static int failure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        CliError complaint = CliError.of(failure);
        if (isVerbose(parsed)) {
            failure.printStackTrace(command.getErr());
        }
        return complaint.print();
    }

    private static boolean isVerbose(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        return command.hasMatchedOption("--verbose");
    }
}
