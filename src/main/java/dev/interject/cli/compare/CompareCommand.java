package dev.interject.cli.compare;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.interject.cli.command.CliError;
import dev.interject.cli.command.Shutdown;
import dev.interject.cli.command.Version;
import dev.interject.cli.option.DurationConverter;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.output.OutputFormat;
import dev.interject.cli.output.StandardOutput;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.CompareCase;
import dev.interject.experiment.compare.CompareExperiment;
import dev.interject.experiment.compare.Comparison;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.Terminal;
import dev.interject.linux.error.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interject compare}. */
@Command(name = "compare", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = "The same number of interrupts by every way into a guest that this host has, in one table.",
        footer = {"", "Examples:", "  interject compare", "  interject compare --count 100000 --output json"})
public final class CompareCommand implements Callable<Integer> {

    private static final int MOST_INTERRUPTS = 10_000_000;
    private static final String CLEAR = "\r\033[K";

    @Spec
    private CommandSpec spec;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1000", converter = NumberConverter.class,
            description = "how many interrupts by each way (default: 1000)")
    private int count;

    @Option(names = "--timeout", paramLabel = "TIME", converter = DurationConverter.class,
            description = "when the watchdog ends a way, such as 2s (default: 10s, and 5ms for each interrupt)")
    private Duration timeout;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        if (count < 1 || count > MOST_INTERRUPTS) {
            throw new ParameterException(spec.commandLine(),
                    "--count takes 1 to " + MOST_INTERRUPTS + ", not " + count);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new ParameterException(spec.commandLine(), "--timeout takes a time above 0");
        }
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            Comparison comparison = compare(cancellation);
            show(comparison);
            if (comparison.outcome() != Outcome.TAKEN) {
                System.err
                        .println(
                                "interject: not every way took all of its interrupts: " + comparison.outcome().label());
            }
            return comparison.outcome().exitCode();
        }
    }

    private Comparison compare(Cancellation cancellation) {
        boolean terminal = Terminal.isTerminal(Terminal.STDERR);
        try {
            return CompareExperiment.run(count, Optional.ofNullable(timeout), cancellation,
                    contender -> progress(terminal, contender));
        } catch (SystemCallException | UnsupportedKvmException unable) {
            if (output != OutputFormat.TEXT) {
                show(Comparison.unable(CliError.of(unable).oneLine()));
            }
            throw unable;
        } finally {
            if (terminal) {
                System.err.print(CLEAR);
            }
        }
    }

    private void show(Comparison comparison) {
        switch (output) {
            case TEXT -> StandardOutput.write(new CompareText(Style.ofStandardOutput()).render(comparison));
            case JSON -> StandardOutput.write(out -> CompareJson.write(comparison, out));
            case JUNIT -> StandardOutput.write(out -> CompareJunit.write(comparison, out));
        }
    }

    private static void progress(boolean terminal, CompareCase contender) {
        if (terminal) {
            System.err.printf("%sirqchip %s, path %s, guest %s", CLEAR, contender.irqchip(), contender.path(),
                    contender.guest());
        }
    }
}
