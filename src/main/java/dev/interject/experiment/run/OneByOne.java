package dev.interject.experiment.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.Deadline;
import dev.interject.experiment.plan.Pace;

/** Injects one interrupt after the other: the next when the one before was taken. Allocates nothing per interrupt. */
final class OneByOne {

    /** How long a guest may take for its EOI, unless it sleeps; a busy host may stop it for long. */
    private static final Duration EOI_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final long POLL_NANOS = 20_000;

    private final Pace pace;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<InjectedSource> sources;
    private final Runnable release;

    /**
     * @param sources injected into one after the other, again and again
     * @param release called when the first is injected, before it is waited for
     */
    OneByOne(Pace pace, RunMonitor monitor, InterruptLog log, List<InjectedSource> sources, Runnable release) {
        this.pace = pace;
        this.monitor = monitor;
        this.log = log;
        this.sources = sources;
        this.release = release;
    }

    /** Returns when all are injected, one is not taken, or the run ends. */
    void run() {
        int next = 0;
        while (log.size() < pace.count() && monitor.isGoingOn()) {
            if (log.size() > 0 && pace.interval().isPositive()) {
                monitor.pause(Deadline.after(pace.interval()));
                if (!monitor.isGoingOn()) {
                    return;
                }
            }
            if (!inject(sources.get(next), Math.min(pace.hold(), pace.count() - log.size()))) {
                return;
            }
            next = (next + 1) % sources.size();
        }
    }

    /**
     * Returns whether the next one may follow.
     *
     * @param times after how many runs of the handler the device de-asserts its line
     */
    private boolean inject(InjectedSource source, int times) {
        awaitSettled(source);
        int index = log.add(times);
        boolean injected = source.inject(index, times);
        if (index == 0) {
            release.run();
        }
        boolean expected = injected && (index == 0 ? source.countFirst(index, times) : source.count(index, times));
        if (!expected || source.vector().isEmpty()) {
            // no acknowledgement will come; another one would merge with the one that was pending before, too
            return index > 0 || source.coalesced() == 0 || log.size() == pace.count() || monitor.awaitEarlier(source);
        }
        for (int left = times - 1; left > 0; left--) {
            if (!monitor.awaitAcknowledged(source, source.accepted() - left)) {
                return false;
            }
            awaitSettled(source);
            source.injector().holdOn();
        }
        return monitor.awaitAcknowledged(source, source.accepted());
    }

    /** A guest that sleeps without an EOI gets the next one nevertheless: its ledger shows what comes of that. */
    private void awaitSettled(InjectedSource source) {
        if (source.injector().isSettled()) {
            return;
        }
        Deadline patience = Deadline.after(EOI_PATIENCE);
        Deadline look = Deadline.after(LOOK_EVERY);
        while (!source.injector().isSettled() && monitor.isGoingOn() && !patience.isOver()) {
            if (look.isOver()) {
                if (source.isTargetHalted() && !source.injector().isSettled()) {
                    return;
                }
                look = Deadline.after(LOOK_EVERY);
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }
}
