package dev.interject.cli.trace;

import dev.interject.cli.option.ConductOptions;
import dev.interject.cli.option.PaceOptions;
import dev.interject.cli.option.TargetOptions;
import dev.interject.experiment.plan.RunPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine;

/** Options as one types them behind {@code interject trace}, for tests that trace in their own process. */
@Command
final class TraceOptions {

    @Mixin
    private TargetOptions target;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ConductOptions conduct;

    /** What is traced with these options. */
    static RunPlan plan(String options) {
        TraceOptions parsed = new TraceOptions();
        new CommandLine(parsed).parseArgs(options.split(" "));
        return parsed.target.plan(begun -> parsed.conduct.addTo(begun.pace(parsed.pace.pace())));
    }
}
