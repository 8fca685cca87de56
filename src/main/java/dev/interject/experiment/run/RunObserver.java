package dev.interject.experiment.run;

import java.util.function.IntSupplier;

/** Follows a run while it goes on. Called on the run's thread. */
public interface RunObserver {

    /** Does nothing. */
    RunObserver NONE = new RunObserver() {
        @Override
        public void injecting(int count, IntSupplier takenSoFar) {
            // nothing to show
        }
    };

    /**
     * The checks are done and the interrupts begin.
     *
     * @param count      how many there will be
     * @param takenSoFar tells, from any thread, how many have been taken
     */
    void injecting(int count, IntSupplier takenSoFar);
}
