package dev.interject.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.cli.command.CliError;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.cli.output.OutputFailure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Reports every error in one or two lines on standard error; and if the arguments request JSON or JUnit XML, as one
 * document of that format on standard output, also if they are otherwise wrong.
 */
final class ErrorReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final String OUTPUT = "--output";
    /** Messages shorten longer arguments in the middle. */
    private static final int LONGEST_QUOTED = 200;

    private final Console console;
    private final List<String> arguments;

    ErrorReporter(Console console, List<String> arguments) {
        this.console = console;
        this.arguments = List.copyOf(arguments);
    }

    /** picocli could not parse the arguments. */
    @Override
    public int handleParseException(ParameterException error, String[] ignored) {
        return usageError(UsageMessage.of(error), error.getCommandLine());
    }

    private int usageError(String message, CommandLine command) {
        return report(new CliError(CliError.Kind.USAGE, withArgumentsCut(message),
                command.getCommandSpec().qualifiedName() + " --help"), command);
    }

    private String withArgumentsCut(String message) {
        return arguments.stream()
                .flatMap(argument -> Stream.of(argument.split("[=,]")))
                .filter(value -> value.length() > LONGEST_QUOTED)
                .reduce(message, (text, value) -> text.replace(value, "%s...%s".formatted(
                        value.substring(0, LONGEST_QUOTED / 2),
                        value.substring(value.length() - LONGEST_QUOTED / 2))));
    }

    /** The command failed. */
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof UsageException usage) {
            return usageError(usage.getMessage(), command);
        }
        return failed(failure, command);
    }

    /** Reports whatever a command threw. */
    int failed(Throwable failure, CommandLine command) {
        if (arguments.contains("--verbose")) {
            failure.printStackTrace(console.err());
        }
        return report(CliError.of(failure), command);
    }

    private int report(CliError error, CommandLine command) {
        error.printTo(console.err());
        if (!console.hasWritten()) {
            try {
                if (isAsked("json")) {
                    console.write(out -> writeJson(error, out));
                } else if (isAsked("junit") && hasJunit(command)) {
                    console.write(out -> writeJunit(error, command.getCommandSpec().qualifiedName(), out));
                }
            } catch (OutputFailure failure) {
                CliError.of(failure).printTo(console.err());
            }
        }
        return error.exitCode();
    }

    /** Searches the unparsed arguments, since picocli may not have been able to parse them. */
    private boolean isAsked(String format) {
        Stream<String> formats = IntStream.range(0, arguments.size()).boxed().flatMap(i -> {
            String argument = arguments.get(i);
            if (argument.startsWith(OUTPUT + "=")) {
                return Stream.of(argument.substring(OUTPUT.length() + 1));
            }
            return argument.equals(OUTPUT) ? arguments.stream().skip(i + 1L).limit(1) : Stream.empty();
        });
        return formats.anyMatch(format::equalsIgnoreCase);
    }

    private static boolean hasJunit(CommandLine command) {
        OptionSpec option = command.getCommandSpec().findOption(OUTPUT);
        return option != null && Stream.of(option.type().getEnumConstants())
                .anyMatch(format -> format.toString().toLowerCase(Locale.ROOT).equals("junit"));
    }

    private static void writeJson(CliError error, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", error.kind().label());
            json.writeStringField("reason", error.message());
            json.writeStringField(error.kind().adviceLabel(), error.advice().isEmpty() ? null : error.advice());
        });
    }

    private static void writeJunit(CliError error, String command, OutputStream out) throws IOException {
        JunitOutput.write(out, command, () -> Stream.of(new Case(command.replace(' ', '.'), command, 0,
                new Result.Errored(error.kind().label(), error.oneLine()))));
    }
}
