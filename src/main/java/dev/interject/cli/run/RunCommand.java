package dev.interject.cli.run;

import java.util.Optional;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.SettingList;
import dev.interject.cli.option.RunOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.experiment.witness.ImageRunExperiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code interject run}. */
@Command(name = "run",
        description = {
            "Boots a guest, checks the gates, injects, and accounts for every interrupt.",
            "Without options: in-kernel irqchip, a free line, five pulses."},
        footer = {"", "Examples:", "  interject run",
            "  interject run --irqchip userspace --irq 11 --count 1000",
            "  interject run --irqchip userspace --path vector --vector 0x41",
            "  interject run --irqchip split --path line",
            "  interject run --vcpus 2 --to 1 --path ipi",
            "  interject run --guest slow --burst 10 --count 100",
            "  interject run --guest deaf --timeout 2s --output json",
            "  interject run --image kernel.elf --irq 4"})
public final class RunCommand extends ExperimentCommand<RunReport> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose", description = "show every interrupt, and stack traces of failures")
    private boolean verbose;

    public RunCommand(Console console) {
        super(console);
    }

    @Override
    protected boolean showsListInstead() {
        if (options.listsSettings()) {
            SettingList.write(console(), output == OutputFormat.JSON);
        }
        return options.listsSettings();
    }

    @Override
    protected RunReport run(Cancellation cancellation, ProgressLine progress) {
        options.requireConsistent(spec.commandLine().getParseResult());
        return options.hasImage()
                ? ImageRunExperiment.run(options.imagePlan(), cancellation, progress, RunTrace.none())
                : RunExperiment.run(options.plan(), cancellation, progress, RunTrace.none());
    }

    @Override
    protected void show(RunReport report) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new RunText(console.style(), verbose).render(report));
            case JSON -> console.write(out -> RunJson.write(report, out));
            case JUNIT -> console.write(out -> RunJunit.write(report, out));
        }
    }

    @Override
    protected Optional<RunReport> hostUnable(String reason) {
        return output == OutputFormat.TEXT ? Optional.empty()
                : Optional.of(options.hasImage() ? options.imagePlan().hostUnable(reason)
                        : RunReport.hostUnable(options.plan(), reason));
    }
}
