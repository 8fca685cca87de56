package dev.interject.experiment.run;

import java.util.List;

import dev.interject.experiment.plan.RunPlan;
import dev.interject.linux.error.SystemCallException;

/** Hands over one interrupt after the other: the next when the one before was taken. Allocates nothing on the way. */
final class OneByOne {

    private final RunPlan plan;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<InterruptSource> sources;
    private final Refusals refusals;

    OneByOne(RunPlan plan, RunMonitor monitor, InterruptLog log, List<InterruptSource> sources, Refusals refusals) {
        this.plan = plan;
        this.monitor = monitor;
        this.log = log;
        this.sources = sources;
        this.refusals = refusals;
    }

    /** Until all are taken, one is not, or the run ends. */
    void run(long deadline) {
        int hold = plan.pace().hold();
        for (int done = 0, turn = 0; done < plan.count() && monitor.isGoingOn(); done += hold, turn++) {
            if (done > 0 && plan.pace().interval().isPositive()) {
                monitor.pause(System.nanoTime() + plan.pace().interval().toNanos());
                if (!monitor.isGoingOn()) {
                    return;
                }
            }
            if (!inject(sources.get(turn % sources.size()), Math.min(hold, plan.count() - done), deadline)) {
                return;
            }
        }
    }

    /**
     * Whether the next one may follow.
     *
     * @param times how often the handler is to run before the device lets go
     */
    private boolean inject(InterruptSource source, int times, long deadline) {
        source.injector().settle();
        int index = log.add(times);
        try {
            int status = source.inject(index, times);
            source.note(status, times);
            if (status == 0 && !source.target().path().isMessage()) {
                return true; // merged with one before, which the controllers still have: no bell of its own will come
            }
        } catch (SystemCallException refusal) {
            for (int i = 0; i < times; i++) {
                refusals.note(source, index + i, refusal);
            }
            return true;
        }
        for (int i = 0; i < times; i++) {
            source.accept(index + i); // whatever is said of it: the next bell is its own
        }
        for (int left = times - 1; left > 0 && source.vector().isPresent(); left--) {
            if (!monitor.awaitRings(source, source.accepted() - left, deadline)) {
                return false;
            }
            source.injector().holdOn();
        }
        return source.vector().isEmpty() || monitor.awaitRings(source, source.accepted(), deadline);
    }
}
