package dev.interject.cli.trace;

import java.util.concurrent.Callable;

import dev.interject.cli.command.CliError;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.ConductOptions;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.PaceOptions;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.OutputOptions;
import dev.interject.cli.output.StandardOutput;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceExperiment;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interject trace}. */
@Command(name = "trace", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Runs as 'run' does, and shows who did what when: the host, the interrupt controllers, each vCPU,"
                    + " and the guest's handlers by their own clock."},
        footer = {"", "Examples:", "  interject trace --count 2",
            "  interject trace --irqchip userspace --count 1 --verbose",
            "  interject trace --vcpus 2 --to 1 --path msi --output json --file trace.json",
            "      (for https://ui.perfetto.dev or chrome://tracing)",
            "  interject trace --output svg --file trace.svg"})
public final class TraceCommand implements Callable<Integer> {

    /** Some 100 interrupts have 1,000 events; an event takes 48 bytes. */
    private static final String STANDARD_EVENTS = "100000";
    private static final int MOST_EVENTS = 2_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ConductOptions conduct;

    @Option(names = "--events", paramLabel = "N", defaultValue = STANDARD_EVENTS, converter = NumberConverter.class,
            description = "for how many events there is room (default: 100000); later ones are counted, and dropped")
    private int events;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json (for Perfetto and Chrome) or svg (a picture of one interrupt)")
    private TraceFormat output;

    @Mixin
    private OutputOptions place;

    @Option(names = "--verbose", description = "the whole timeline, the guest's boot included, and stack traces")
    private boolean verbose;

    @Override
    public Integer call() {
        if (events < 1 || events > MOST_EVENTS) {
            throw new ParameterException(spec.commandLine(),
                    "--events takes 1 to %d, not %d".formatted(MOST_EVENTS, events));
        }
        place.requireAPlace(spec);
        RunPlan plan = conduct.addTo(target.plan().pace(pace.pace())).build();
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            TraceReport report = run(plan, cancellation);
            show(report);
            report.run()
                    .reason()
                    .ifPresent(reason -> System.err.println("interject: "
                            + (report.run().outcome() == Outcome.REFUSED ? "refused: " : "") + reason));
            return report.run().outcome().exitCode();
        }
    }

    private TraceReport run(RunPlan plan, Cancellation cancellation) {
        try (ProgressLine progress = ProgressLine.onTerminal()) {
            return TraceExperiment.run(plan, events, cancellation, progress);
        } catch (SystemCallException | UnsupportedKvmException unable) {
            if (output == TraceFormat.JSON) {
                show(new TraceReport(RunReport.hostUnable(plan, CliError.of(unable).oneLine()), Timeline.empty()));
            }
            throw unable;
        }
    }

    private void show(TraceReport report) {
        switch (output) {
            case TEXT -> place.write(new TraceText(place.style(), verbose).render(report));
            case JSON -> place.write(out -> TraceJson.write(report, out));
            case SVG -> place.write(TraceSvg.render(report));
        }
        place.file()
                .ifPresent(file -> StandardOutput.write(
                        "%s: %s\n".formatted(file, TraceText.summary(report.timeline()))));
    }
}
