package dev.interject.cli.sweep;

import static dev.interject.cli.option.UsageException.require;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.ListFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.sweep.SweepExperiment;
import dev.interject.experiment.sweep.SweepPlan;
import dev.interject.experiment.sweep.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject sweep}. */
@Command(name = "sweep",
        description = {
            "Injects an interrupt at every single instruction of a stretch of guest code, and shows at which it is"
                    + " taken."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:each as predicted", "1:one was not"},
        footer = {"", "Examples:", "  interject sweep", "  interject sweep --handler --count 30",
            "  interject sweep --guest late --from main --output json"})
public final class SweepCommand extends ExperimentCommand<SweepReport> {

    private static final int MOST = 1000;

    @Mixin
    private TargetOptions target;

    @Option(names = "--from", paramLabel = "SYMBOL", defaultValue = "sleep",
            description = "where the stretch begins (default: sleep, the main loop of most guests)")
    private String from;

    @Option(names = "--count", paramLabel = "N", defaultValue = "4",
            description = "how many instructions (default: 4)")
    private int count;

    @Option(names = "--handler",
            description = "have one interrupt wait at the beginning, so that its handler is part of the stretch")
    private boolean handler;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    public SweepCommand(Console console) {
        super(console);
    }

    @Override
    protected SweepReport run(Cancellation cancellation, ProgressLine progress) {
        require(count >= 1 && count <= MOST, "--count takes 1 to %d, not %d".formatted(MOST, count));
        SweepPlan plan = new SweepPlan(target.plan().pace(Pace.oneByOne(1)).build(), from, count, handler);
        return SweepExperiment.sweep(plan, cancellation);
    }

    @Override
    protected void show(SweepReport report) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new SweepText(console.style()).render(report));
            case JSON -> console.write(out -> SweepJson.write(report, out));
        }
    }
}
