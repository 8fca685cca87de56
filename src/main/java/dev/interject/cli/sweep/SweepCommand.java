package dev.interject.cli.sweep;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.Optional;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.SettingList;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.option.UserImageOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.ListFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.sweep.ImageSweepPlan;
import dev.interject.experiment.sweep.SweepExperiment;
import dev.interject.experiment.sweep.SweepPlan;
import dev.interject.experiment.sweep.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code interject sweep}. */
@Command(name = "sweep",
        description = {
            "Injects an interrupt at each instruction of a stretch of guest code, each time into a new guest, and"
                    + " shows when it is taken."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:each was taken as predicted", "1:one was not", "2:wrong usage, or refused",
            "3:host unsupported", "4:the guest crashed before the injection", "5:the time is up"},
        footer = {"", "Examples:", "  interject sweep", "  interject sweep --handler --count 30",
            "  interject sweep --irqchip userspace --output json",
            "  interject sweep --image kernel.elf --irq 4 --from idle"})
public final class SweepCommand extends ExperimentCommand<SweepReport> {

    private static final String FROM = "--from";
    private static final String MAIN_LOOP = "sleep";

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Mixin
    private UserImageOptions image;

    @Option(names = FROM, paramLabel = "SYMBOL",
            description = "where the stretch begins (default: sleep, the main loop of most guests); with --image a"
                    + " symbol or an address")
    private String from;

    @Option(names = "--count", paramLabel = "N", defaultValue = "4",
            description = "how many instructions at most (default: 4); a guest that sleeps ends the stretch")
    private int count;

    @Option(names = "--handler",
            description = "have an interrupt pending at the beginning, so that the stretch includes its handler")
    private boolean handler;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit, such as 5s (default: 10s, and 2s for each instruction)")
    private Duration timeout;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    public SweepCommand(Console console) {
        super(console);
    }

    @Override
    protected boolean showsListInstead() {
        if (target.listsSettings()) {
            SettingList.write(console(), output == ListFormat.JSON);
        }
        return target.listsSettings();
    }

    @Override
    protected SweepReport run(Cancellation cancellation, ProgressLine progress) {
        image.requireImageFor(spec.commandLine().getParseResult());
        return image.isGiven()
                ? SweepExperiment.sweep(imagePlan(), cancellation)
                : SweepExperiment.sweep(plan(), cancellation);
    }

    private ImageSweepPlan imagePlan() {
        require(from != null, "--image needs --from: a symbol or an address");
        return checked(() -> new ImageSweepPlan(
                image.plan(target, UserImageOptions.place(FROM, from), timeout), count, handler));
    }

    private SweepPlan plan() {
        RunPlan run = checked(() -> target.plan(Pace.oneByOne(1), Conduct.within(Optional.ofNullable(timeout))));
        require(run.interrupt().lines().size() <= 1,
                "--irq takes one line here, not " + run.interrupt().lines().size());
        return checked(() -> new SweepPlan(run, from == null ? MAIN_LOOP : from, count, handler));
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
