package dev.interject.cli.sweep;

import java.util.concurrent.Callable;

import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.output.ListFormat;
import dev.interject.cli.output.StandardOutput;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.sweep.SweepExperiment;
import dev.interject.experiment.sweep.SweepPlan;
import dev.interject.experiment.sweep.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interject sweep}. */
@Command(name = "sweep", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Injects an interrupt at every single instruction of a stretch of guest code, and shows at which it is"
                    + " taken."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:each as predicted", "1:one was not"},
        footer = {"", "Examples:", "  interject sweep", "  interject sweep --handler --count 30",
            "  interject sweep --guest late --from main --output json"})
public final class SweepCommand implements Callable<Integer> {

    private static final int MOST = 1000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Option(names = "--from", paramLabel = "SYMBOL", defaultValue = "sleep",
            description = "where the stretch begins (default: sleep, the main loop of most guests)")
    private String from;

    @Option(names = "--count", paramLabel = "N", defaultValue = "4", converter = NumberConverter.class,
            description = "how many instructions (default: 4)")
    private int count;

    @Option(names = "--handler",
            description = "have one interrupt wait at the beginning, so that its handler is part of the stretch")
    private boolean handler;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--count takes 1 to %d, not %d".formatted(MOST, count));
        }
        SweepPlan plan = new SweepPlan(target.plan().pace(Pace.oneByOne(1)).build(), from, count, handler);
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            SweepReport sweep = SweepExperiment.sweep(plan, cancellation);
            switch (output) {
                case TEXT -> StandardOutput.write(new SweepText(Style.ofStandardOutput()).render(sweep));
                case JSON -> StandardOutput.write(out -> SweepJson.write(sweep, out));
            }
            return exitCode(sweep);
        }
    }

    private static int exitCode(SweepReport sweep) {
        if (sweep.refusal().isPresent()) {
            System.err.println("interject: refused: " + sweep.refusal().get());
            return Outcome.REFUSED.exitCode();
        }
        long otherwise = sweep.rows().stream().filter(row -> !row.isAsPredicted()).count();
        if (otherwise > 0) {
            System.err.println(
                    "interject: %d of %d were not taken as predicted".formatted(otherwise, sweep.rows().size()));
        }
        return (otherwise == 0 ? Outcome.TAKEN : Outcome.NOT_TAKEN).exitCode();
    }
}
