package dev.interject.cli.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.IrqchipConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.PathConverter;
import dev.interject.cli.output.OutputOptions;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.BenchExperiment;
import dev.interject.experiment.bench.BenchPath;
import dev.interject.experiment.bench.BenchPlan;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.experiment.bench.Load;
import dev.interject.experiment.bench.Measure;
import dev.interject.experiment.bench.Subject;
import dev.interject.experiment.bench.VmsExperiment;
import dev.interject.experiment.bench.VmsReport;
import dev.interject.interrupt.Irqchip;
import dev.interject.linux.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interject bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Measures what interrupts cost.",
            "For every path the injection, the way to the handler and the round trip, with the",
            "vCPU halted and busy; interrupts a second; kick; window; how long a VM takes to",
            "its first interrupt."},
        footer = {"", "Examples:", "  interject bench --irqchip kernel --path line", "  interject bench --reference",
            "  interject bench --output json --file before.json",
            "  interject bench --baseline before.json", "  interject bench --vms 256"})
public final class BenchCommand implements Callable<Integer> {

    private static final int MOST_TURNS = 200_000;
    private static final int MOST_ROUNDS = 1000;
    private static final int MOST_VMS = 1024;
    private static final String CLEAR = "\r\033[K";

    @Spec
    private CommandSpec spec;

    @Option(names = "--irqchip", paramLabel = "WHERE", converter = IrqchipConverter.class,
            description = "only with the controllers there: kernel, split or userspace (default: all)")
    private Irqchip irqchip;

    @Option(names = "--path", paramLabel = "PATH", converter = PathConverter.class,
            description = {"only by this path: line, irqfd, msi, msi-route, msi-irqfd, vector, nmi or ipi",
                "(default: all)"})
    private dev.interject.interrupt.Path path;

    @Option(names = "--vcpu", paramLabel = "STATE",
            description = "only with the vCPU halted, or only with it busy (default: each)")
    private Load load;

    @Option(names = "--measure", paramLabel = "WHAT[,WHAT...]", split = ",",
            description = "latency, throughput, kick, window or start (default: all)")
    private Set<Measure> measures;

    @Option(names = "--count", paramLabel = "N", defaultValue = "200", converter = NumberConverter.class,
            description = "interrupts in a round (default: 200); a tenth more are its warm-up")
    private int count;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "10", converter = NumberConverter.class,
            description = "rounds, each with a new VM (default: 10); one more before them is warm-up")
    private int rounds;

    @Option(names = "--reference",
            description = "measure a program in C as well, round by round in turn; needs a C compiler")
    private boolean reference;

    @Option(names = "--baseline", paramLabel = "FILE",
            description = "compare with an earlier result of --output json")
    private Path baseline;

    @Option(names = "--vms", paramLabel = "N", converter = NumberConverter.class,
            description = "instead: 1, 2, 4 ... N guests at once in one process; time and memory of each")
    private Integer vms;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or svg")
    private BenchFormat format;

    @Mixin
    private OutputOptions output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        require(count >= 1 && count <= MOST_TURNS, "--count takes 1 to %d, not %d".formatted(MOST_TURNS, count));
        require(rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds takes 1 to %d, not %d".formatted(MOST_ROUNDS, rounds));
        output.requireAPlace(spec);
        Cancellation cancellation = new Cancellation();
        if (vms != null) {
            require(vms >= 1 && vms <= MOST_VMS, "--vms takes 1 to %d, not %d".formatted(MOST_VMS, vms));
            require(format != BenchFormat.SVG, "--vms has no picture: --output text or json");
            require(baseline == null && !reference && path == null && irqchip == null && load == null
                    && measures == null,
                    "--vms goes with --rounds, --output and --file only");
            return manyVms(cancellation);
        }
        BenchPlan plan =
                new BenchPlan(Optional.ofNullable(irqchip), Optional.ofNullable(path), Optional.ofNullable(load),
                        measures == null ? EnumSet.allOf(Measure.class) : measures, count, rounds, reference);
        require(plan.measuresAnything(), "there is nothing to measure: " + whyNothing(plan));
        Optional<BenchBaseline> before = Optional.ofNullable(baseline).map(file -> BenchBaseline.read(file, spec));
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            BenchReport report = measured(plan, cancellation);
            show(report, before);
            return exitCode(report);
        }
    }

    private String whyNothing(BenchPlan plan) {
        if (BenchPath.all().stream().anyMatch(plan::includes)) {
            return "kick and window are of the 8259s' guests, window of busy ones, throughput and start of halted ones";
        }
        return irqchip == null
                ? "nobody hands over what path %s brings".formatted(path)
                : "irqchip %s has no path %s that somebody hands over".formatted(irqchip, path);
    }

    private int manyVms(Cancellation cancellation) {
        boolean terminal = Terminal.isTerminal(Terminal.STDERR);
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            VmsReport report = VmsExperiment.run(vms, rounds, cancellation,
                    (number, round) -> progress(terminal, "%d VMs, round %d".formatted(number, round)));
            clear(terminal);
            switch (format) {
                case TEXT -> output.write(VmsText.render(report, output.style()));
                case JSON -> output.write(out -> BenchJson.write(report, out));
                case SVG -> throw new IllegalStateException("was refused");
            }
            return report.outcome().exitCode();
        }
    }

    private BenchReport measured(BenchPlan plan, Cancellation cancellation) {
        boolean terminal = Terminal.isTerminal(Terminal.STDERR);
        try {
            return BenchExperiment.run(plan, cancellation,
                    (subject, number, of, round, who) -> progress(terminal,
                            "%d of %d: %s: %s, %s".formatted(number, of, subject,
                                    round == 0 ? "warm-up" : "round %d of %d".formatted(round, plan.rounds()), who)));
        } finally {
            clear(terminal);
        }
    }

    private void show(BenchReport report, Optional<BenchBaseline> before) {
        switch (format) {
            case TEXT -> output.write(new BenchText(output.style()).render(report, before));
            case JSON -> output.write(out -> BenchJson.write(report, out));
            case SVG -> output.write(BenchSvg.render(report));
        }
    }

    private static int exitCode(BenchReport report) {
        for (Row row : report.rows()) {
            if (row instanceof Row.Failed(Subject subject, Outcome outcome, String reason)) {
                System.err.println("interject: %s: %s: %s".formatted(subject, outcome.label(), reason));
            }
        }
        if (report.outcome() == Outcome.HOST_UNABLE) {
            System.err.println("interject: this host has nothing of what was to be measured");
        }
        return report.outcome().exitCode();
    }

    private static void progress(boolean terminal, String what) {
        if (terminal) {
            System.err.print(CLEAR + what);
        }
    }

    private static void clear(boolean terminal) {
        if (terminal) {
            System.err.print(CLEAR);
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
