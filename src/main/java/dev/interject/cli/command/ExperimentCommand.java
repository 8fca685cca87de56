package dev.interject.cli.command;

import java.util.Optional;

import dev.interject.cli.output.Console;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * A command that runs an experiment and shows its report: Ctrl-C ends it early, the reason goes to standard error, and
 * the outcome is the exit code.
 *
 * @param <R> the experiment's report
 */
public abstract class ExperimentCommand<R extends Report> extends BaseCommand {

    protected ExperimentCommand(Console console) {
        super(console);
    }

    /**
     * Checks the options and runs the experiment.
     *
     * @throws dev.interject.cli.option.UsageException if the options are wrong
     */
    protected abstract R run(Cancellation cancellation, ProgressLine progress);

    /** Writes the report in the format that the user chose. */
    protected abstract void show(R report);

    /**
     * The report to show when the host could not run the experiment; empty if the error message is enough.
     *
     * @param reason in one line
     */
    protected Optional<R> hostUnable(String reason) {
        return Optional.empty();
    }

    /** Shows a list instead of running the experiment, if the user wants one; returns whether it did. */
    protected boolean showsListInstead() {
        return false;
    }

    @Override
    public final Integer call() {
        if (showsListInstead()) {
            return 0;
        }
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            R report = run(cancellation);
            show(report);
            report.failure()
                    .map(CliError::of)
                    .ifPresentOrElse(error -> error.printTo(console().err()),
                            () -> report.reason().ifPresent(reason -> printReason(report.outcome(), reason)));
            return report.outcome().exitCode();
        }
    }

    private R run(Cancellation cancellation) {
        try (ProgressLine progress = new ProgressLine(console())) {
            return run(cancellation, progress);
        } catch (SystemCallException | UnsupportedKvmException unable) {
            hostUnable(CliError.of(unable).oneLine()).ifPresent(this::show);
            throw unable;
        }
    }

    private void printReason(Outcome outcome, String reason) {
        console().err()
                .println("interject: " + (outcome == Outcome.REFUSED ? "refused: " : "") + PlainText.line(reason));
    }
}
