package dev.interject.experiment.sweep;

import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.gate.Prediction;

/**
 * One instruction of a sweep: the state before it is executed, and what happened to the interrupt injected there.
 *
 * @param where         its symbol and offset
 * @param interruptFlag RFLAGS.IF
 * @param shadow        the interrupt shadow: {@code STI}, {@code MOV SS}, {@code STI/SS} where the host has one
 *                      for both (AMD), or {@code -}
 * @param ready         {@code ready_for_interrupt_injection}
 * @param halted        whether the vCPU sleeps
 * @param prediction    what the gates predict for the interrupt
 * @param result        what happened within the next {@link SweepExperiment#PATIENCE} instructions
 * @param takenAfter    how many instructions were executed before it was taken; empty if it was not taken, or the host
 *                      did not report when
 * @param takenAt       the instruction before which it was taken; empty as above
 */
public record SweepRow(String where, boolean interruptFlag, String shadow, boolean ready, boolean halted,
        Prediction prediction, Result result, OptionalInt takenAfter, Optional<String> takenAt) {

    /** What happened to the interrupt. */
    public enum Result {
        /** Its handler ran. */
        TAKEN,
        /** Its handler did not run. */
        NOT_TAKEN,
        /** The guest crashed. */
        CRASHED
    }

    /** Whether exactly that happened that was predicted. One that merges with a pending one is taken with it. */
    public boolean isAsPredicted() {
        return switch (prediction.fate()) {
            case TAKEN -> takenAfter.isPresent() && takenAfter.getAsInt() == 0;
            case WAITS -> takenAfter.isPresent() && takenAfter.getAsInt() > 0;
            case MERGES -> takenAfter.isPresent();
            case DROPPED, MISROUTED -> result == Result.NOT_TAKEN;
            case BREAKS -> result == Result.CRASHED;
            case UNKNOWN -> false;
        };
    }
}
