package dev.interject.experiment.run;

import java.util.function.IntSupplier;

/** Observes a run while it is carried out. Called on the run's thread. */
@FunctionalInterface
public interface RunObserver {

    /** Does nothing. */
    RunObserver NONE = (count, takenSoFar) -> {};

    /**
     * The gates are checked and the injection begins.
     *
     * @param count      how many interrupts there will be
     * @param takenSoFar returns how many were taken; from any thread
     */
    void injecting(int count, IntSupplier takenSoFar);
}
