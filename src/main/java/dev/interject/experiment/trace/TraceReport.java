package dev.interject.experiment.trace;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;

/**
 * The result of a recorded run.
 *
 * @param run      the report of the run itself
 * @param timeline the recorded events; empty if there was no machine
 */
public record TraceReport(RunReport run, Timeline timeline) implements Report {

    /** Whether the guest ran, so that there is a timeline. */
    public boolean hasRun() {
        return outcome() != Outcome.REFUSED && (outcome() != Outcome.HOST_UNABLE || !timeline.events().isEmpty());
    }

    @Override
    public Ending ending() {
        return run.ending();
    }
}
