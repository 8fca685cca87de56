package dev.interject.cli.compare;

import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.Optional;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.compare.CompareExperiment;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.plan.Pace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject compare}. */
@Command(name = "compare",
        description = "Injects the same number of interrupts on every path, and compares the paths in one table.",
        footer = {"", "Examples:", "  interject compare", "  interject compare --count 100000 --output json"})
public final class CompareCommand extends ExperimentCommand<Comparison> {

    @Option(names = "--count", paramLabel = "N", defaultValue = "1000",
            description = "number of interrupts on each path (default: 1000)")
    private int count;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit for each path, such as 2s (default: 10s plus 5ms per interrupt)")
    private Duration timeout;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    public CompareCommand(Console console) {
        super(console);
    }

    @Override
    protected Comparison run(Cancellation cancellation, ProgressLine progress) {
        UsageException.checked(() -> Pace.oneByOne(count));
        require(timeout == null || timeout.isPositive(), "--timeout must be above 0");
        return CompareExperiment.run(count, Optional.ofNullable(timeout), cancellation,
                routeCase -> progress.show("irqchip %s, path %s, guest %s".formatted(routeCase.irqchip(),
                        routeCase.route(), routeCase.guest())));
    }

    @Override
    protected void show(Comparison comparison) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new CompareText(console.style()).render(comparison));
            case JSON -> console.write(out -> CompareJson.write(comparison, out));
            case JUNIT -> console.write(out -> CompareJunit.write(comparison, out));
        }
    }
}
