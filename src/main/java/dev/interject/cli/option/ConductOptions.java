package dev.interject.cli.option;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.plan.RunPlan;
import picocli.CommandLine.Option;

/** The options that limit a run's time and choose what it does about a closed guest. */
public final class ConductOptions {

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit of the whole run, such as 2s"
                    + " (default: 10s plus 5ms and the interval per interrupt)")
    private Duration timeout;

    @Option(names = "--force", description = "inject even if that breaks the guest, and report what happens")
    private boolean force;

    @Option(names = "--wait", description = "wait for a closed guest (IF=0) to open instead of refusing")
    private boolean await;

    /** Adds the options to a plan. */
    public RunPlan.Builder addTo(RunPlan.Builder plan) {
        return plan.timeout(Optional.ofNullable(timeout)).force(force).await(await);
    }
}
