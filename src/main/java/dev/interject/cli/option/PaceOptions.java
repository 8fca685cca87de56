package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.OptionalInt;

import dev.interject.experiment.plan.Pace;
import picocli.CommandLine.Option;

/** The options that say how many interrupts there are, and how they follow each other. */
public final class PaceOptions {

    private static final int MOST_INTERRUPTS = 10_000_000;
    private static final int HIGHEST_RATE = 10_000_000;
    private static final int MOST_THREADS = 64;
    /** Neither the watchdog nor Ctrl-C comes into a burst; so many take less than a second. */
    private static final int LARGEST_BURST = 100_000;

    @Option(names = "--count", paramLabel = "N", defaultValue = "5",
            description = "how many interrupts (default: 5)")
    private int count;

    @Option(names = "--interval", paramLabel = "TIME", defaultValue = "0",
            description = "pause between two interrupts, such as 10ms (default: none); a timer's period")
    private Duration interval;

    @Option(names = "--burst", paramLabel = "N", defaultValue = "1",
            description = "how many are handed over at once, faster than the guest takes them (default: 1)")
    private int burst;

    @Option(names = "--rate", paramLabel = "HZ",
            description = "how many a second, whether the guest has taken the ones before or not"
                    + " (default: the next when they are taken)")
    private Integer rate;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1",
            description = "how many threads hand a burst over together (default: 1)")
    private int threads;

    @Option(names = "--hold", paramLabel = "N", defaultValue = "1",
            description = "how often the handler must run before the device behind a level line lets go (default: 1)")
    private int hold;

    /** How the interrupts follow each other. */
    public Pace pace() {
        require(count >= 1 && count <= MOST_INTERRUPTS, "--count takes 1 to " + MOST_INTERRUPTS + ", not " + count);
        require(burst >= 1 && burst <= Math.min(count, LARGEST_BURST),
                "--burst takes 1 to " + Math.min(count, LARGEST_BURST) + ", not " + burst);
        require(rate == null || rate >= 1 && rate <= HIGHEST_RATE,
                "--rate takes 1 to " + HIGHEST_RATE + " a second, not " + rate);
        require(threads >= 1 && threads <= MOST_THREADS, "--threads takes 1 to " + MOST_THREADS + ", not " + threads);
        require(threads <= burst, "--threads divides a burst among threads: --burst must be " + threads + " or more");
        require(hold >= 1 && hold <= count, "--hold takes 1 to --count, which is " + count + ", not " + hold);
        Pace pace = new Pace(count, interval, burst, rate == null ? OptionalInt.empty() : OptionalInt.of(rate), threads,
                hold);
        require(!pace.isStorm() || interval.isZero(), "--interval goes with neither --burst nor --rate");
        return pace;
    }
}
