package dev.interject.cli.bench;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;
import static dev.interject.cli.option.UsageException.requireWithin;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.option.FileOption;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.Output;
import dev.interject.cli.output.PictureFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.bench.BenchExperiment;
import dev.interject.experiment.bench.BenchHost;
import dev.interject.experiment.bench.BenchPath;
import dev.interject.experiment.bench.BenchPlan;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchResult;
import dev.interject.experiment.bench.Load;
import dev.interject.experiment.bench.Measure;
import dev.interject.experiment.bench.VmsExperiment;
import dev.interject.experiment.bench.VmsReport;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject bench}. */
@Command(name = "bench",
        description = {
            "Measures what interrupts cost.",
            "For each path: the injection, the time to the handler and the round trip, with the vCPU halted and"
                    + " busy, and interrupts per second. Also a kick, an interrupt window, the time from nothing to a"
                    + " VM's first interrupt, and the time to save a guest and restore it into another VM."},
        footer = {"", "Examples:", "  interject bench --irqchip kernel --path line", "  interject bench --reference",
            "  interject bench --output json --file before.json",
            "  interject bench --baseline before.json", "  interject bench --vms 256"})
public final class BenchCommand extends ExperimentCommand<BenchResult> {

    private static final int MOST_VMS = 1024;

    @Option(names = "--irqchip", paramLabel = "WHERE",
            description = "measure only this irqchip: kernel, split or userspace (default: all)")
    private Irqchip irqchip;

    @Option(names = "--path", paramLabel = "PATH",
            completionCandidates = BenchCommand.Paths.class,
            description = "measure only this path: line, irqfd, msi, msi-route, msi-irqfd, vector, nmi or ipi"
                    + " (default: all)")
    private Route path;

    @Option(names = "--vcpu", paramLabel = "STATE",
            description = "measure only with the vCPU halted, or only with it busy (default: both)")
    private Load load;

    @Option(names = "--measure", paramLabel = "WHAT[,WHAT...]", split = ",", hideParamSyntax = true,
            description = "latency, throughput, kick, window, start or restore (default: all)")
    private Set<Measure> measures;

    @Option(names = "--count", paramLabel = "N", defaultValue = "200",
            description = "interrupts in a round (default: 200), after a tenth as many for warm-up")
    private int count;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "10",
            description = "rounds, each with a new VM (default: 10), after one for warm-up")
    private int rounds;

    @Option(names = "--reference",
            description = "alternate with the same program in C, round by round; needs a C compiler")
    private boolean reference;

    @Option(names = "--baseline", paramLabel = "FILE",
            description = "compare with an earlier result that --output json wrote")
    private Path baseline;

    @Option(names = "--vms", paramLabel = "N",
            description = "instead, start 1, 2, 4 ... N VMs at once in one process: time and memory of each")
    private Integer vms;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or svg")
    private PictureFormat format;

    @Mixin
    private FileOption file;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    private Optional<BenchBaseline> before = Optional.empty();

    public BenchCommand(Console console) {
        super(console);
    }

    /** The paths that can be measured. */
    static final class Paths implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return BenchPath.all().stream().map(path -> path.routeCase().route().label()).distinct().iterator();
        }
    }

    @Override
    protected BenchResult run(Cancellation cancellation, ProgressLine progress) {
        BenchPlan plan = checked(() -> new BenchPlan(Optional.ofNullable(irqchip), Optional.ofNullable(path),
                Optional.ofNullable(load), measures == null ? EnumSet.allOf(Measure.class) : measures, count, rounds,
                reference));
        file.check();
        return vms == null ? measured(plan, cancellation, progress) : manyVms(cancellation, progress);
    }

    private BenchResult manyVms(Cancellation cancellation, ProgressLine progress) {
        requireWithin("--vms", vms, 1, MOST_VMS);
        require(format != PictureFormat.SVG, "--vms has no picture: --output text or json");
        require(baseline == null && !reference && path == null && irqchip == null && load == null && measures == null,
                "--vms goes with --rounds, --output and --file only");
        return VmsExperiment.run(vms, rounds, cancellation,
                round -> progress.show("%d VMs, round %d".formatted(vms, round)));
    }

    private BenchResult measured(BenchPlan plan, Cancellation cancellation, ProgressLine progress) {
        require(plan.measuresAnything(), "there is nothing to measure: " + whyNothing(plan));
        before = Optional.ofNullable(baseline).map(BenchBaseline::read);
        return BenchExperiment.run(plan, cancellation, (subject, number, of, round, who) -> progress.show(
                "%d of %d: %s: %s, %s".formatted(number, of, subject,
                        round == 0 ? "warm-up" : "round %d of %d".formatted(round, plan.rounds()), who)));
    }

    private String whyNothing(BenchPlan plan) {
        if (BenchPath.all().stream().anyMatch(plan::includes)) {
            return "kick, window and restore need the 8259s, window a busy vCPU, throughput, start and restore a"
                    + " halted one";
        }
        return irqchip == null
                ? "bench has no path %s".formatted(path)
                : "bench has no path %s on irqchip %s".formatted(path, irqchip);
    }

    @Override
    protected void show(BenchResult result) {
        Output place = file.output(result.hasFigures()).<Output>map(Function.identity()).orElseGet(this::console);
        switch (result) {
            case BenchReport report -> show(report, place);
            case VmsReport report -> show(report, place);
        }
    }

    private void show(BenchReport report, Output place) {
        switch (format) {
            case TEXT -> place.write(new BenchText(place.style()).render(report, before));
            case JSON -> place.write(out -> BenchJson.write(report, out));
            case SVG -> place.write(BenchSvg.render(report, BenchHost.current()));
        }
    }

    private void show(VmsReport report, Output place) {
        switch (format) {
            case TEXT -> place.write(VmsText.render(report, place.style()));
            case JSON -> place.write(out -> BenchJson.write(report, out));
            case SVG -> throw new IllegalStateException("--vms has no picture");
        }
    }
}
