package dev.interject.cli.explain;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import dev.interject.cli.command.CliError;
import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.DurationConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.ListFormat;
import dev.interject.cli.output.StandardOutput;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.plan.Pace;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interject explain}. */
@Command(name = "explain", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Freezes a guest, walks the way of one interrupt gate by gate, and names the gate that holds it.",
            "Nothing is injected but what --after asks for."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it would be taken", "1:it would not"},
        footer = {"", "Examples:", "  interject explain", "  interject explain --guest deaf",
            "  interject explain --guest no-eoi --after 1",
            "  interject explain --fault slave-masked", "  interject explain --at sleep --at-instruction 1",
            "  interject explain --after 1 --at taken",
            "  interject explain --path msi --vector 0x0f --dump"})
public final class ExplainCommand implements Callable<Integer> {

    private static final int MOST_BEFORE = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Option(names = "--fault", paramLabel = "NAME", converter = FaultConverter.class,
            description = "a situation of the catalogue, instead of the options above; see: interject guests --faults")
    private Fault fault;

    @Option(names = "--after", paramLabel = "N", defaultValue = "0", converter = NumberConverter.class,
            description = {"freeze the guest when it has taken N of these interrupts (default: 0);",
                "with --at or --at-instruction: there, after the N-th was injected"})
    private int after;

    @Option(names = "--at", paramLabel = "SYMBOL",
            description = "freeze the guest when it is about to execute this symbol's first instruction")
    private String at;

    @Option(names = "--at-instruction", paramLabel = "N", converter = NumberConverter.class,
            description = {"freeze it N instructions later, or after its first N, single-stepped;",
                "taking an interrupt counts as one"})
    private Integer atInstruction;

    @Option(names = "--timeout", paramLabel = "TIME", converter = DurationConverter.class,
            description = "how long the guest may take to get there, such as 2s (default: 10s)")
    private Duration timeout;

    @Option(names = "--dump", description = "show the whole state: registers, tables, controllers, events")
    private boolean dump;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose",
            description = "say where to read on about each gate, and show stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        if (after < 0 || after > MOST_BEFORE) {
            throw new ParameterException(spec.commandLine(),
                    "--after takes 0 to %d, not %d".formatted(MOST_BEFORE, after));
        }
        if (atInstruction != null && (atInstruction < 0 || atInstruction > MOST_BEFORE)) {
            throw new ParameterException(spec.commandLine(),
                    "--at-instruction takes 0 to %d, not %d".formatted(MOST_BEFORE, atInstruction));
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new ParameterException(spec.commandLine(), "--timeout takes a time above 0");
        }
        ExplainPlan plan = fault == null ? targeted() : ExplainPlan.of(fault);
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            ExplainReport report = explain(plan, cancellation);
            show(report);
            report.reason()
                    .ifPresent(reason -> System.err
                            .println(
                                    "interject: " + (report.outcome() == Outcome.REFUSED ? "refused: " : "") + reason));
            return report.outcome().exitCode();
        }
    }

    private ExplainPlan targeted() {
        return new ExplainPlan(
                target.plan()
                        .pace(Pace.oneByOne(Math.max(after, 1)))
                        .timeout(Optional.ofNullable(timeout))
                        .build(),
                after, Optional.ofNullable(at),
                atInstruction == null ? OptionalInt.empty() : OptionalInt.of(atInstruction), Optional.empty());
    }

    private ExplainReport explain(ExplainPlan plan, Cancellation cancellation) {
        try {
            return ExplainExperiment.explain(plan, cancellation);
        } catch (SystemCallException | UnsupportedKvmException unable) {
            if (output == ListFormat.JSON) {
                show(ExplainReport.hostUnable(plan, CliError.of(unable).oneLine()));
            }
            throw unable;
        }
    }

    private void show(ExplainReport report) {
        switch (output) {
            case TEXT -> StandardOutput
                    .write(new ExplainText(Style.ofStandardOutput(), verbose, dump).render(report));
            case JSON -> StandardOutput.write(out -> ExplainJson.write(report, dump, out));
        }
    }
}
