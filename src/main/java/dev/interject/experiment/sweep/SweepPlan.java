package dev.interject.experiment.sweep;

import static dev.interject.experiment.InvalidValueException.requireWithin;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.plan.RunPlan;

/**
 * A sweep: an interrupt is injected at each instruction of a stretch of guest code, each time into a new guest.
 *
 * @param run     the interrupt, as a run injects it; its timeout is the watchdog's time for the whole sweep
 * @param from    the symbol at which the stretch begins
 * @param count   how many instructions it has, in the order of execution, 1 to 1000
 * @param handler whether an interrupt is already pending at the beginning, so that the stretch includes its handler
 */
public record SweepPlan(RunPlan run, String from, int count, boolean handler) {

    static final int MOST_INSTRUCTIONS = 1000;
    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT_PER_INSTRUCTION = Duration.ofSeconds(10);

    public SweepPlan {
        Objects.requireNonNull(from, "from");
        requireWithin("count", count, 1, MOST_INSTRUCTIONS);
        if (run.interrupt().lines().size() > 1) {
            throw new IllegalArgumentException("a sweep takes one line, not " + run.interrupt().lines().size());
        }
        if (run.conduct().timeout().isEmpty()) {
            run = run.withTimeout(Optional.of(usualTimeout(count)));
        }
    }

    /** The time limit where none is given. */
    static Duration usualTimeout(int count) {
        return TIMEOUT_BASE.plus(TIMEOUT_PER_INSTRUCTION.multipliedBy(count));
    }
}
