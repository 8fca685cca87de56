package dev.interject.experiment.witness;

import java.util.OptionalLong;

import dev.interject.experiment.run.InterruptLog;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.Acceptance;

/** Counts what happens to each interrupt of a run, and keeps the log. */
final class ImageTally {

    /** An interrupt that was injected, and its index in the log. */
    record Outstanding(AwaitedInterrupt interrupt, int index) {}

    private final InterruptLog log;
    private long refused;
    private long taken;
    private volatile int takenSoFar;
    private long coalesced;
    private long held;
    private long unknown;

    ImageTally(int count) {
        this.log = new InterruptLog(count);
    }

    /** Begins the next interrupt, which has been injected. */
    Outstanding begin(AwaitedInterrupt interrupt) {
        int index = log.add(1);
        log.injectedAt(index, interrupt.injectedAt());
        log.status(index, interrupt.status());
        return new Outstanding(interrupt, index);
    }

    /** The controllers did not accept it, or merged it. */
    void notExpected(Acceptance acceptance) {
        switch (acceptance) {
            case IGNORED -> refused++;
            case COALESCED -> coalesced++;
            case ACCEPTED -> throw new IllegalArgumentException("an accepted one is awaited");
        }
    }

    void taken(int index, OptionalLong at, Witness by, Witness usual) {
        taken++;
        takenSoFar = (int) taken;
        if (at.isPresent()) {
            log.latency(index, at.getAsLong() - log.injectedAt(index));
        } else {
            log.takenAtAnyTime(index);
        }
        if (by != usual) {
            log.witness(index, by);
        }
    }

    void unknown() {
        unknown++;
    }

    /** @param isPending whether it still waits; if not, its fate is unknown */
    void ended(boolean isPending) {
        if (isPending) {
            held++;
        } else {
            unknown++;
        }
    }

    /** Whether the last one was taken, and it is known when: the vCPU is then at the beginning of its handler. */
    boolean isLastTimed() {
        return log.isTimed(log.size() - 1);
    }

    /** From any thread. */
    int takenSoFar() {
        return takenSoFar;
    }

    InterruptLog log() {
        return log;
    }

    Ledger ledger() {
        return new Ledger(log.size(), refused, taken, coalesced, held, unknown, 0);
    }
}
