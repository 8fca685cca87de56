package dev.interject.cli.trace;

import java.time.Duration;

import dev.interject.cli.option.ConductOptions;
import dev.interject.cli.option.DurationConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.PaceOptions;
import dev.interject.cli.option.PathConverter;
import dev.interject.cli.option.TargetOptions;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Parses options of {@code interject trace} for tests that trace in their own process. */
@Command
final class TraceOptions {

    @Mixin
    private TargetOptions target;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ConductOptions conduct;

    /** The plan of these options. */
    static RunPlan plan(String options) {
        TraceOptions parsed = new TraceOptions();
        CommandLine commandLine = new CommandLine(parsed);
        commandLine.registerConverter(int.class, new NumberConverter());
        commandLine.registerConverter(Integer.class, new NumberConverter());
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(Route.class, new PathConverter());
        commandLine.parseArgs(options.split(" "));
        return parsed.target.plan(begun -> parsed.conduct.addTo(begun.pace(parsed.pace.pace())));
    }
}
