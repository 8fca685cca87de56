package dev.interject.experiment.suite.list;

import java.util.Objects;

import dev.interject.experiment.boot.BootPlan;

/** How a test is run. */
public sealed interface Launch {

    /**
     * It boots an image.
     *
     * @param passingExitCode the exit code by the exit port that means success: with value v, 2v + 1
     */
    record Boots(BootPlan plan, int passingExitCode) implements Launch {

        /** Checks that there is a plan. */
        public Boots {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /**
     * It needs something that Interject does not have.
     *
     * @param reason completes "the test …"
     */
    record Unsupported(String reason) implements Launch {}
}
