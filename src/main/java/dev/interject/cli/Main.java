package dev.interject.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.interject.cli.option.DurationConverter;
import dev.interject.cli.option.FileNameConverter;
import dev.interject.cli.option.LongConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.PathConverter;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFailure;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine;

/** The program: parses the command line, runs the command and exits with its code. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        prepare();
        int exitCode = execute(Console.ofProcess(), arguments);
        System.exit(exitCode);
    }

    /** Numbers have the same format everywhere, and the JDK does not load the tables of other locales. */
    static void prepare() {
        Locale.setDefault(Locale.US);
    }

    /** Runs a command line and returns its exit code, without ending the JVM. */
    public static int execute(Console console, String... arguments) {
        ErrorReporter errors = new ErrorReporter(console, List.of(arguments));
        CommandLine commandLine = commandLine(console, arguments);
        commandLine.setParameterExceptionHandler(errors);
        commandLine.setExecutionExceptionHandler(errors);
        PrintWriter printer = console.printer();
        commandLine.setOut(printer);
        try {
            int exitCode = commandLine.execute(arguments);
            // picocli prints help and version itself, and does not notice a full disk
            return printer.checkError()
                    ? errors.failed(new OutputFailure("standard output"), commandLine)
                    : exitCode;
        } catch (Error failure) {
            return errors.failed(failure, commandLine);
        }
    }

    /** The parser of all commands, for what describes them. */
    public static CommandLine commandLine() {
        return commandLine(Console.ofProcess());
    }

    private static CommandLine commandLine(Console console, String... arguments) {
        CommandLine commandLine = InterjectCommand.parserOf(console, arguments);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExpandAtFiles(false);
        commandLine.registerConverter(int.class, new NumberConverter());
        commandLine.registerConverter(Integer.class, new NumberConverter());
        commandLine.registerConverter(Long.class, new LongConverter());
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(Path.class, new FileNameConverter());
        commandLine.registerConverter(Route.class, new PathConverter());
        commandLine.setUsageHelpLongOptionsMaxWidth(26);
        commandLine.setColorScheme(console.style().colorScheme());
        return commandLine;
    }
}
