package dev.interject.experiment;

import java.util.List;

import dev.interject.linux.SystemCallException;

/** Hands over one interrupt after the other: the next when the one before was taken. Allocates nothing on the way. */
final class OneByOne {

    private final RunPlan plan;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<Source> sources;
    private final Refusals refusals;

    OneByOne(RunPlan plan, RunMonitor monitor, InterruptLog log, List<Source> sources, Refusals refusals) {
        this.plan = plan;
        this.monitor = monitor;
        this.log = log;
        this.sources = sources;
        this.refusals = refusals;
    }

    /** Until all are taken, one is not, or the run ends. */
    void run(long deadline) {
        for (int i = 0; i < plan.count() && monitor.isGoingOn(); i++) {
            if (i > 0 && plan.pace().interval().isPositive()) {
                monitor.pause(System.nanoTime() + plan.pace().interval().toNanos());
                if (!monitor.isGoingOn()) {
                    return;
                }
            }
            if (!inject(sources.get(i % sources.size()), deadline)) {
                return;
            }
        }
    }

    /** Whether the next one may follow. */
    private boolean inject(Source source, long deadline) {
        source.injector().settle();
        int index = log.add(1);
        try {
            source.isAccepted(source.inject(index));
            source.accept(index); // whatever is said of it: the next bell is its own
        } catch (SystemCallException refusal) {
            refusals.note(source, index, refusal);
            return true;
        }
        return source.vector().isEmpty() || monitor.awaitRings(source, source.accepted(), deadline);
    }
}
