package dev.interject.experiment.run;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.linux.error.SystemCallException;
import dev.interject.trace.Recorder;

/**
 * One thing that interrupts of a run come from, such as a line, with what was handed over through it and what was heard
 * of it. Handed over by one thread at a time, which holds its lock where there are several.
 */
final class InterruptSource {

    /** In place of a time of injection: the device still asked when the handler before had spoken. */
    private static final long STILL_ASKED = Long.MIN_VALUE;

    private final ResolvedInjection target;
    private final OptionalInt vector;
    private final long takenBefore;
    private final Injector injector;
    private final InterruptLog log;
    private final LongSupplier clock;
    private final Recorder recorder;
    /** How many of a timer's ticks were merged with others, as far as its clock shows. */
    private LongSupplier merged = () -> 0;

    private volatile int handedOver;
    private int refusedByKernel;
    private int ignored;
    private int coalesced;
    /** Which of the log's are to be taken, in the order in which they will be. */
    private final int[] accepted;
    private int acceptedCount;
    private final long[] rungAt;
    /** How often the handler has yet to speak before the device lets its line go. */
    private volatile int bellsToRelease;
    private volatile int rings;

    /**
     * @param takenBefore the guest's count of the vector before the first interrupt
     * @param injector    null for a device in the kernel, which interrupts by itself
     * @param capacity    how many interrupts there can be
     * @param clock       read when the handler speaks; {@link System#nanoTime()} but for timers
     */
    InterruptSource(ResolvedInjection target, GatePath way, long takenBefore, Injector injector, InterruptLog log,
            int capacity,
            LongSupplier clock, Recorder recorder) {
        this.recorder = recorder;
        this.target = target;
        this.vector = way.leadsToAVector() ? OptionalInt.of(way.vector()) : OptionalInt.empty();
        this.takenBefore = takenBefore;
        this.injector = injector;
        this.log = log;
        this.clock = clock;
        this.accepted = new int[capacity];
        this.rungAt = new long[capacity];
    }

    // --- whoever hands over

    /** Hands one over, and returns what the controllers say of it. Allocates nothing. */
    int inject(int index) {
        return inject(index, 1);
    }

    /** The same for a device that goes on asking until its handler has run so often; each time has the one status. */
    int inject(int index, int times) {
        bellsToRelease = times;
        handedOver += times; // before: the handler may speak at once
        long now = System.nanoTime();
        log.injectedAt(index, now);
        for (int i = 1; i < times; i++) {
            log.injectedAt(index + i, STILL_ASKED);
        }
        int status = injector.inject();
        recorder.injected(now, index, status);
        for (int i = 0; i < times; i++) {
            log.status(index + i, status);
        }
        return status;
    }

    /**
     * Counts what the controllers said of so many; returns whether they accepted them as its own. A level that they
     * seem to ignore is no less asked for: it goes on as long as its line is high.
     */
    boolean note(int status, int times) {
        boolean message = target.path().isMessage();
        if (status < 0 && target.trigger() == Trigger.EDGE || status == 0 && message) {
            ignored += times;
        } else if (status == 0) {
            coalesced += times;
        }
        return status > 0;
    }

    /** The kernel turned it down, with an error, and the user had insisted. */
    void refused(int index, SystemCallException refusal) {
        recorder.refused(index, refusal.errno().number());
        log.refused(index, -refusal.errno().number());
        refusedByKernel++;
    }

    /** Whether the kernel turned this one down. */
    boolean isRefused(int index) {
        return log.isRefused(index);
    }

    /** The kernel turned the path down, so that this one was not even tried. */
    void refuseUntried(int index, SystemCallException refusal) {
        handedOver++;
        refused(index, refusal);
    }

    /** This one is not merged with another. */
    void accept(int index) {
        accepted[acceptedCount++] = index;
    }

    /** That many were merged with others, as the controllers' state shows. */
    void coalesced(int count) {
        if (count > 0) {
            recorder.coalesced(vector.orElseThrow(), count);
        }
        coalesced += count;
    }

    /** That many were ignored, as the controllers' state shows. */
    void ignored(int count) {
        ignored += count;
    }

    /**
     * A timer's ticks, which nobody hands over.
     *
     * @param mergedTicks how many were merged with others so far
     */
    void expectTicks(int first, int count, LongSupplier mergedTicks) {
        merged = mergedTicks;
        for (int i = 0; i < count; i++) {
            log.status(first + i, 1);
            accept(first + i);
        }
        handedOver += count;
    }

    // --- the vCPU's thread

    /** The handler speaks; says whether that was to be expected. */
    boolean ring() {
        if (rings >= handedOver) {
            return false; // the guest's own count, not this bell, is what the ledger goes by
        }
        rungAt[rings] = clock.getAsLong();
        if (injector != null && --bellsToRelease == 0) {
            injector.release();
        }
        rings++; // last: whoever waits for it may look at the rest
        return true;
    }

    // --- the run's thread

    /** Which of the log's are to be taken, in the order in which they will be. */
    int[] acceptedInOrder() {
        return Arrays.copyOf(accepted, acceptedCount);
    }

    /** How often the handler has spoken. */
    int rings() {
        return rings;
    }

    /** Gives each interrupt that was taken the time at which its handler spoke. When all is over. */
    void settleLog() {
        int taken = Math.min(rings, acceptedCount);
        for (int i = 0; i < taken; i++) {
            if (log.injectedAt(accepted[i]) == STILL_ASKED) {
                log.injectedAt(accepted[i], rungAt[i - 1]);
            }
            log.takenAt(accepted[i], rungAt[i]);
        }
    }

    ResolvedInjection target() {
        return target;
    }

    Injector injector() {
        return injector;
    }

    /** Where its interrupts arrive; empty where they lead nowhere. */
    OptionalInt vector() {
        return vector;
    }

    long takenBefore() {
        return takenBefore;
    }

    int handedOver() {
        return handedOver;
    }

    int refusedByKernel() {
        return refusedByKernel;
    }

    int ignored() {
        return ignored;
    }

    int coalesced() {
        return coalesced;
    }

    /** How many of a timer's ticks were merged with others. */
    long merged() {
        return merged.getAsLong();
    }

    /** How many are to be taken. */
    int accepted() {
        return acceptedCount;
    }
}
