package dev.interject.experiment.trace;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.experiment.witness.ImageRunExperiment;
import dev.interject.experiment.witness.ImageRunPlan;
import dev.interject.trace.Recorder;

/** A run with all its events recorded. */
public final class TraceExperiment {

    private TraceExperiment() {}

    /**
     * Carries out a plan as {@link RunExperiment#run} does, and records it. A host failure after the machine was made
     * is an outcome of the report, whose timeline then has all events up to it.
     *
     * @param capacity room for this many events; further ones are counted and dropped
     * @throws dev.interject.linux.error.SystemCallException if a call failed that makes the machine
     * @throws dev.interject.kvm.UnsupportedKvmException     if this host's KVM lacks something
     */
    public static TraceReport run(RunPlan plan, int capacity, Cancellation cancellation, RunObserver observer) {
        RunTrace trace = new RunTrace(Recorder.of(capacity));
        RunReport report = RunExperiment.run(plan, cancellation, observer, trace);
        return new TraceReport(report, trace.timeline());
    }

    /**
     * Carries out a plan for an image as {@link ImageRunExperiment#run} does, and records it.
     *
     * @param capacity room for this many events; further ones are counted and dropped
     * @throws dev.interject.linux.error.SystemCallException if a call failed that makes the machine
     * @throws dev.interject.kvm.UnsupportedKvmException     if this host's KVM lacks something
     */
    public static TraceReport run(ImageRunPlan plan, int capacity, Cancellation cancellation, RunObserver observer) {
        RunTrace trace = new RunTrace(Recorder.of(capacity));
        RunReport report = ImageRunExperiment.run(plan, cancellation, observer, trace);
        return new TraceReport(report, trace.timeline());
    }
}
