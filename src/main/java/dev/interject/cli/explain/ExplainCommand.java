package dev.interject.cli.explain;

import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.ListFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.plan.Pace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject explain}. */
@Command(name = "explain",
        description = {
            "Freezes a guest, walks the way of one interrupt gate by gate, and names the gate that holds it.",
            "Nothing is injected but what --after asks for."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it would be taken", "1:it would not"},
        footer = {"", "Examples:", "  interject explain", "  interject explain --guest deaf",
            "  interject explain --guest no-eoi --after 1",
            "  interject explain --fault slave-masked", "  interject explain --at sleep --at-instruction 1",
            "  interject explain --after 1 --at taken",
            "  interject explain --path msi --vector 0x0f --dump"})
public final class ExplainCommand extends ExperimentCommand<ExplainReport> {

    private static final int MOST_BEFORE = 1_000_000;

    @Mixin
    private TargetOptions target;

    @Option(names = "--fault", paramLabel = "NAME",
            description = "a situation of the catalogue, instead of the options above; see: interject guests --faults")
    private Fault fault;

    @Option(names = "--after", paramLabel = "N", defaultValue = "0",
            description = {"freeze the guest when it has taken N of these interrupts (default: 0);",
                "with --at or --at-instruction: there, after the N-th was injected"})
    private int after;

    @Option(names = "--at", paramLabel = "SYMBOL",
            description = "freeze the guest when it is about to execute this symbol's first instruction")
    private String at;

    @Option(names = "--at-instruction", paramLabel = "N",
            description = {"freeze it N instructions later, or after its first N, single-stepped;",
                "taking an interrupt counts as one"})
    private Integer atInstruction;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "how long the guest may take to get there, such as 2s (default: 10s)")
    private Duration timeout;

    @Option(names = "--dump", description = "show the whole state: registers, tables, controllers, events")
    private boolean dump;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose",
            description = "say where to read on about each gate, and show stack traces of failures")
    private boolean verbose;

    public ExplainCommand(Console console) {
        super(console);
    }

    @Override
    protected ExplainReport run(Cancellation cancellation, ProgressLine progress) {
        return ExplainExperiment.explain(plan(), cancellation);
    }

    private ExplainPlan plan() {
        require(after >= 0 && after <= MOST_BEFORE, "--after takes 0 to %d, not %d".formatted(MOST_BEFORE, after));
        require(atInstruction == null || atInstruction >= 0 && atInstruction <= MOST_BEFORE,
                "--at-instruction takes 0 to %d, not %d".formatted(MOST_BEFORE, atInstruction));
        require(timeout == null || timeout.isPositive(), "--timeout takes a time above 0");
        return fault == null ? targeted() : ExplainPlan.of(fault);
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

    @Override
    protected void show(ExplainReport report) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new ExplainText(console.style(), verbose, dump).render(report));
            case JSON -> console.write(out -> ExplainJson.write(report, dump, out));
        }
    }

    @Override
    protected Optional<ExplainReport> hostUnable(String reason) {
        return output == ListFormat.JSON ? Optional.of(ExplainReport.hostUnable(plan(), reason)) : Optional.empty();
    }
}
