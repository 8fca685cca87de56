package dev.interject.experiment.bench;

import dev.interject.experiment.Report;

/** What a benchmark measured. */
public sealed interface BenchResult extends Report permits BenchReport, VmsReport {

    /** Whether anything was measured. */
    boolean hasFigures();
}
