package dev.interject.cli.trace;

import static dev.interject.cli.option.UsageException.requireWithin;

import java.util.Optional;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.SettingList;
import dev.interject.cli.option.FileOption;
import dev.interject.cli.option.RunOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.FileOutput;
import dev.interject.cli.output.Output;
import dev.interject.cli.output.PictureFormat;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceExperiment;
import dev.interject.experiment.trace.TraceReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code interject trace}. */
@Command(name = "trace",
        description = {
            "Runs as 'run' does, and shows a timeline of the host, the interrupt controllers, each vCPU and the"
                    + " guest's handlers."},
        footer = {"", "Examples:", "  interject trace --count 2",
            "  interject trace --irqchip userspace --count 1 --verbose",
            "  interject trace --vcpus 2 --to 1 --path msi --output json --file trace.json",
            "      (for https://ui.perfetto.dev or chrome://tracing)",
            "  interject trace --output svg --file trace.svg"})
public final class TraceCommand extends ExperimentCommand<TraceReport> {

    /** Some 100 interrupts have 1,000 events; an event takes 48 bytes. */
    private static final String STANDARD_EVENTS = "100000";
    private static final int MOST_EVENTS = 2_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = STANDARD_EVENTS,
            description = "how many events to record (default: 100000); later ones are only counted")
    private int events;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json (for Perfetto and Chrome) or svg (a picture of one interrupt)")
    private PictureFormat output;

    @Mixin
    private FileOption file;

    @Option(names = "--verbose",
            description = "show the whole timeline with the guest's boot, and stack traces of failures")
    private boolean verbose;

    public TraceCommand(Console console) {
        super(console);
    }

    @Override
    protected boolean showsListInstead() {
        if (options.listsSettings()) {
            SettingList.write(console(), output == PictureFormat.JSON);
        }
        return options.listsSettings();
    }

    @Override
    protected TraceReport run(Cancellation cancellation, ProgressLine progress) {
        requireWithin("--events", events, 1, MOST_EVENTS);
        file.check();
        options.requireConsistent(spec.commandLine().getParseResult());
        return options.hasImage()
                ? TraceExperiment.run(options.imagePlan(), events, cancellation, progress)
                : TraceExperiment.run(options.plan(), events, cancellation, progress);
    }

    @Override
    protected void show(TraceReport report) {
        Optional<FileOutput> written = file.output(report.hasRun());
        Output place = written.isPresent() ? written.get() : console();
        switch (output) {
            case TEXT -> place.write(new TraceText(place.style(), verbose).render(report));
            case JSON -> place.write(out -> TraceJson.write(report, out));
            case SVG -> place.write(TraceSvg.render(report));
        }
        written.ifPresent(output -> console().write("%s: %s\n".formatted(PlainText.line(output.file().toString()),
                TraceText.summary(report.timeline()))));
    }

    @Override
    protected Optional<TraceReport> hostUnable(String reason) {
        return output == PictureFormat.JSON
                ? Optional.of(new TraceReport(options.hasImage() ? options.imagePlan().hostUnable(reason)
                        : RunReport.hostUnable(options.plan(), reason), Timeline.empty()))
                : Optional.empty();
    }
}
