package dev.interject.cli.option;

import java.time.Duration;
import java.util.OptionalInt;

import dev.interject.experiment.plan.Pace;
import picocli.CommandLine.Option;

/** The options that say how many interrupts there are, and how they follow each other. */
public final class PaceOptions {

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

    /**
     * How the interrupts follow each other.
     *
     * @throws IllegalArgumentException where a value is out of its range
     */
    public Pace pace() {
        return new Pace(count, interval, burst, rate == null ? OptionalInt.empty() : OptionalInt.of(rate), threads,
                hold);
    }
}
