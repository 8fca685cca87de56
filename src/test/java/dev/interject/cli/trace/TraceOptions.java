package dev.interject.cli.trace;

import java.time.Duration;

import dev.interject.cli.option.DurationConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.PathConverter;
import dev.interject.cli.option.RunOptions;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Parses options of {@code interject trace} for tests that trace in their own process. */
@Command
final class TraceOptions {

    @Mixin
    private RunOptions options;

    /** The plan of these options. */
    static RunPlan plan(String options) {
        TraceOptions parsed = new TraceOptions();
        CommandLine commandLine = new CommandLine(parsed);
        commandLine.registerConverter(int.class, new NumberConverter());
        commandLine.registerConverter(Integer.class, new NumberConverter());
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(Route.class, new PathConverter());
        commandLine.parseArgs(options.split(" "));
        return parsed.options.plan();
    }
}
