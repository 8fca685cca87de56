package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.witness.ImageRunPlan;
import dev.interject.interrupt.Witness;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The options of a run: guest and interrupt, how many and how fast, and how long it may take. */
public final class RunOptions {

    /** Who may see from outside what an image takes. */
    enum Who {
        BREAKPOINT,
        CONTROLLERS,
        COUNTERS;

        private Witness witness() {
            return Witness.valueOf(name());
        }

        @Override
        public String toString() {
            return witness().label();
        }
    }

    @Mixin
    private TargetOptions target;

    @Mixin
    private UserImageOptions image;

    @Mixin
    private MomentOptions moment;

    @Option(names = "--at", paramLabel = "SYMBOL",
            description = "with --image: before it executes the instruction at a symbol or an address")
    private String at;

    @Option(names = "--after", paramLabel = "TIME", description = "with --image: when it has run for this time")
    private String after;

    @Option(names = "--witness", paramLabel = "WHO",
            description = "with --image: who is to see what is taken: breakpoint, controllers or counters (default: the"
                    + " first of these that the host and the path have)")
    private Who witness;

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

    /** Refuses the options of an image where there is none, which would be ignored. */
    public void requireConsistent(ParseResult parsed) {
        image.requireImageFor(parsed);
        moment.requireImage(image.isGiven());
        require(image.isGiven() || at == null, "--at is for an image: give --image FILE");
        require(image.isGiven() || after == null, "--after is for an image: give --image FILE");
        require(image.isGiven() || witness == null, "--witness is for an image: give --image FILE");
        require(!image.isGiven() || !await, "--wait is for built-in guests: with an image, --when-open waits");
    }

    /** Whether the guest is an image of the user's. */
    public boolean hasImage() {
        return image.isGiven();
    }

    /**
     * The plan for an image.
     *
     * @throws UsageException where the library refuses such a plan
     */
    public ImageRunPlan imagePlan() {
        return UsageException.checked(() -> new ImageRunPlan(
                image.plan(target, moment.moment(at, after), timeout), pace(), force,
                Optional.ofNullable(witness).map(Who::witness)));
    }

    private Pace pace() {
        return new Pace(count, interval, burst, TargetOptions.optional(rate), threads, hold);
    }

    /**
     * The plan.
     *
     * @throws UsageException where the library refuses such a plan
     */
    public RunPlan plan() {
        return UsageException.checked(() -> target.plan(
                pace(),
                new Conduct(Optional.ofNullable(timeout), force, await)));
    }
}
