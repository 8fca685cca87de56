package dev.interject.cli.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

import dev.interject.cli.boot.PostMortemText;
import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFailure;
import dev.interject.cli.output.PlainText;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.suite.SuiteExperiment;
import dev.interject.experiment.suite.SuiteObserver;
import dev.interject.experiment.suite.SuitePlan;
import dev.interject.experiment.suite.SuiteReport;
import dev.interject.experiment.suite.SuiteResult;
import dev.interject.experiment.suite.list.Suite;
import dev.interject.experiment.suite.list.SuiteTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code interject suite}. */
@Command(name = "suite",
        description = {"Boots a list of images, and says which pass.",
            "The list is kvm-unit-tests' unittests.cfg, or a file of the same form. A test passes if its guest writes 0"
                    + " to the exit port (0xf4), unless the list says otherwise."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no test failed", "1:a test failed or did not end in time",
            "2:usage error, or the list cannot be read",
            "3:host unsupported, or a call of the host failed before the first test",
            "130:ended by Ctrl-C"},
        footer = {"", "Examples:", "  interject suite x86/unittests.cfg",
            "  interject suite x86/unittests.cfg --group vmexit --jobs 2",
            "  interject suite tests.cfg timer serial --logs logs --output tap"})
public final class SuiteCommand extends ExperimentCommand<SuiteReport> {

    @Parameters(index = "0", paramLabel = "FILE", description = "the list of tests")
    private Path file;

    @Parameters(index = "1..*", paramLabel = "TEST", description = "run these tests only")
    private List<String> names = List.of();

    @Option(names = "--group", paramLabel = "NAME", description = "run the tests of this group only")
    private String group;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1",
            description = "how many tests run at once (default: 1)")
    private int jobs;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit for each test, instead of its own (which is 90s if the list has none)")
    private Duration timeout;

    @Option(names = "--logs", paramLabel = "DIRECTORY",
            description = "write each test's console output to a file there, with its vCPUs if it broke")
    private Path logs;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), tap, junit or json")
    private SuiteFormat output;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    public SuiteCommand(Console console) {
        super(console);
    }

    @Override
    protected SuiteReport run(Cancellation cancellation, ProgressLine progress) {
        Suite suite = Suite.of(file);
        SuitePlan plan = UsageException.checked(() -> new SuitePlan(suite, new LinkedHashSet<>(names),
                Optional.ofNullable(group), Optional.ofNullable(timeout), jobs, Optional.ofNullable(logs)));
        createLogs();
        return SuiteExperiment.run(plan, cancellation, new Printer(plan, progress));
    }

    private void createLogs() {
        if (logs != null) {
            try {
                Files.createDirectories(logs);
            } catch (IOException refused) {
                throw new UsageException("--logs %s: cannot make the directory".formatted(logs));
            }
        }
    }

    /** Text and TAP are complete by then, but for their ends. */
    @Override
    protected void show(SuiteReport report) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new SuiteText(console.style(), 0).summary(report));
            case TAP -> console.write(new SuiteTap().end(report));
            case JUNIT -> console.write(out -> SuiteJunit.write(report, out));
            case JSON -> console.write(out -> SuiteJson.write(report, out));
        }
    }

    /** Prints each result as it comes, where the format allows that. Thread-safe. */
    private final class Printer implements SuiteObserver {

        private final ProgressLine progress;
        private final SuiteText text;
        private final SuiteTap tap = new SuiteTap();
        /** Those that have begun, and whose results are not printed. */
        private final SequencedSet<String> running = new LinkedHashSet<>();

        Printer(SuitePlan plan, ProgressLine progress) {
            this.progress = progress;
            List<SuiteTest> chosen = plan.chosen();
            this.text = new SuiteText(console().style(),
                    chosen.stream().mapToInt(test -> PlainText.line(test.name()).length()).max().orElse(1));
            if (output == SuiteFormat.TAP) {
                console().write(tap.header(chosen.size()));
            }
        }

        @Override
        public synchronized void begins(SuiteTest test) {
            running.add(test.name());
            progress.show(test.name());
        }

        /** Tests that begin meanwhile wait, so that the line on the terminal and the results do not mix. */
        @Override
        public synchronized void ended(SuiteResult result) {
            appendVcpus(result);
            running.remove(result.test().name());
            progress.clear();
            print(result);
            if (!running.isEmpty()) {
                progress.show(running.getLast());
            }
        }

        private void print(SuiteResult result) {
            switch (output) {
                case TEXT -> console().write(text.line(result));
                case TAP -> console().write(tap.line(result));
                case JUNIT, JSON -> {
                    // at the end
                }
            }
        }

        private void appendVcpus(SuiteResult result) {
            if (logs != null && !result.vcpus().isEmpty()) {
                Path log = result.test().logIn(logs);
                try {
                    Files.writeString(log, "\n%s\n%s".formatted(result.reason(),
                            new PostMortemText(Style.PLAIN).render(result.vcpus())), StandardOpenOption.APPEND);
                } catch (IOException failed) {
                    throw new OutputFailure(log.toString());
                }
            }
        }
    }
}
