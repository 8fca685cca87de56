package dev.interject.cli.option;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a run: guest and interrupt, how many and how fast, and how long it may take. */
public final class RunOptions {

    @Mixin
    private TargetOptions target;

    @Option(names = "--count", paramLabel = "N", defaultValue = "5",
            description = "how many interrupts (default: 5)")
    private int count;

    @Option(names = "--interval", paramLabel = "TIME", defaultValue = "0",
            description = "pause between two interrupts, such as 10ms (default: none); a timer's period")
    private Duration interval;

    @Option(names = "--burst", paramLabel = "N", defaultValue = "1",
            description = "how many are injected back to back, faster than the guest takes them (default: 1)")
    private int burst;

    @Option(names = "--rate", paramLabel = "HZ",
            description = "how many a second, whether the guest has taken the ones before or not"
                    + " (default: the next when they are taken)")
    private Integer rate;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1",
            description = "how many threads inject a burst together (default: 1)")
    private int threads;

    @Option(names = "--hold", paramLabel = "N", defaultValue = "1",
            description = "how many times the handler must run before the device de-asserts a level line (default: 1)")
    private int hold;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit of the whole run, such as 2s"
                    + " (default: 10s plus 5ms and the interval per interrupt)")
    private Duration timeout;

    @Option(names = "--force", description = "inject even if that breaks the guest, and report what happens")
    private boolean force;

    @Option(names = "--wait", description = "wait for a closed guest (IF=0) to open instead of refusing")
    private boolean await;

    /** Whether the user wants the list of settings, and nothing else. */
    public boolean listsSettings() {
        return target.listsSettings();
    }

    /**
     * The plan.
     *
     * @throws UsageException where the library refuses such a plan
     */
    public RunPlan plan() {
        return UsageException.checked(() -> target.plan(
                new Pace(count, interval, burst, TargetOptions.optional(rate), threads, hold),
                new Conduct(Optional.ofNullable(timeout), force, await)));
    }
}
