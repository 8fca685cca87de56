package dev.interject.experiment.trace;

import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;

/**
 * The result of a recorded run.
 *
 * @param run      the report of the run itself
 * @param timeline the recorded events; empty where there was no machine
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
