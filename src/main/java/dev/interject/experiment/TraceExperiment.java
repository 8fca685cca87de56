package dev.interject.experiment;

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
        Tape tape = new Tape(Recorder.of(capacity));
        RunReport report = RunExperiment.run(plan, cancellation, observer, tape);
        return new TraceReport(report, tape.timeline());
    }
}
