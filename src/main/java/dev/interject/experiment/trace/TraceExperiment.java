package dev.interject.experiment.trace;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.trace.Recorder;

/** A run like any other, with all that happens in it recorded. */
public final class TraceExperiment {

    private TraceExperiment() {}

    /**
     * Runs the plan to its end, as {@link RunExperiment#run} does.
     *
     * @param capacity for how many events there is room; later ones are counted, and dropped
     * @throws dev.interject.linux.error.SystemCallException       where a call failed that should not
     * @throws dev.interject.kvm.UnsupportedKvmException where this host's KVM lacks something
     */
    public static TraceReport run(RunPlan plan, int capacity, Cancellation cancellation, RunObserver observer) {
        RunTrace trace = new RunTrace(Recorder.of(capacity));
        RunReport report = RunExperiment.run(plan, cancellation, observer, trace);
        return new TraceReport(report, trace.timeline());
    }
}
