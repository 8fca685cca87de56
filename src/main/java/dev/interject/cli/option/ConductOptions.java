package dev.interject.cli.option;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.plan.RunPlan;
import picocli.CommandLine.Option;

/** The options that say how long a run may take, and how careful it is to be. */
public final class ConductOptions {

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "when the watchdog ends the whole run, such as 2s"
                    + " (default: 10s, and 5ms and the interval for each interrupt)")
    private Duration timeout;

    @Option(names = "--force", description = "inject even where the guest would break, and report what happens")
    private boolean force;

    @Option(names = "--wait", description = "wait for a closed guest (IF=0) to open instead of refusing")
    private boolean await;

    /** Adds them to a plan. */
    public RunPlan.Builder addTo(RunPlan.Builder plan) {
        return plan.timeout(Optional.ofNullable(timeout)).force(force).await(await);
    }
}
