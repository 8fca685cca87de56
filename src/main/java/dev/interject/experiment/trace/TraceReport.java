package dev.interject.experiment.trace;

import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.Timeline;

/**
 * What a recorded run did, and when.
 *
 * @param run      as of any other run
 * @param timeline who did what when; empty where no machine came to run
 */
public record TraceReport(RunReport run, Timeline timeline) {}
