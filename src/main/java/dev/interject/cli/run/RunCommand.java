package dev.interject.cli.run;

import java.util.concurrent.Callable;

import dev.interject.cli.command.CliError;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.ConductOptions;
import dev.interject.cli.option.PaceOptions;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.OutputFormat;
import dev.interject.cli.output.StandardOutput;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject run}. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Boots a guest, checks the way, injects, and accounts for every interrupt.",
            "Without options: in-kernel irqchip, a free line, five pulses."},
        footer = {"", "Examples:", "  interject run",
            "  interject run --irqchip userspace --irq 11 --count 1000",
            "  interject run --irqchip userspace --path vector --vector 0x41",
            "  interject run --irqchip split --path line",
            "  interject run --vcpus 2 --to 1 --path ipi",
            "  interject run --guest slow --burst 10 --count 100",
            "  interject run --guest deaf --timeout 2s --output json"})
public final class RunCommand implements Callable<Integer> {

    @Mixin
    private TargetOptions target;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ConductOptions conduct;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose", description = "show every interrupt, and stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        RunPlan plan = plan();
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            RunReport report = run(plan, cancellation);
            show(report);
            report.reason()
                    .ifPresent(reason -> System.err.println("interject: " + headline(report.outcome()) + reason));
            return report.outcome().exitCode();
        }
    }

    private RunReport run(RunPlan plan, Cancellation cancellation) {
        try (ProgressLine progress = ProgressLine.onTerminal()) {
            return RunExperiment.run(plan, cancellation, progress);
        } catch (SystemCallException | UnsupportedKvmException unable) {
            if (output != OutputFormat.TEXT) {
                show(RunReport.hostUnable(plan, CliError.of(unable).oneLine()));
            }
            throw unable;
        }
    }

    private void show(RunReport report) {
        switch (output) {
            case TEXT -> StandardOutput.write(new RunText(Style.ofStandardOutput(), verbose).render(report));
            case JSON -> StandardOutput.write(out -> RunJson.write(report, out));
            case JUNIT -> StandardOutput.write(out -> RunJunit.write(report, out));
        }
    }

    private static String headline(Outcome outcome) {
        return outcome == Outcome.REFUSED ? "refused: " : "";
    }

    private RunPlan plan() {
        return conduct.addTo(target.plan().pace(pace.pace())).build();
    }
}
