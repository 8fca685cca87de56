package dev.interject.experiment.trace;

import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;

/**
 * What a recorded run did, and when.
 *
 * @param run      as of any other run
 * @param timeline who did what when; empty where no machine came to run
 */
public record TraceReport(RunReport run, Timeline timeline) implements Report {

    @Override
    public Outcome outcome() {
        return run.outcome();
    }

    @Override
    public Optional<String> reason() {
        return run.reason();
    }

    @Override
    public Optional<RuntimeException> failure() {
        return run.failure();
    }
}
