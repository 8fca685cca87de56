package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.require;

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
        require(timeout == null || timeout.isPositive(), "--timeout takes a time above 0");
        return plan.timeout(Optional.ofNullable(timeout)).force(force).await(await);
    }
}
