package dev.interject.experiment.explain;

import static dev.interject.experiment.InvalidValueException.requireWithin;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.plan.RunPlan;

/**
 * Which interrupt is explained, and where its guest is frozen.
 *
 * @param run           the interrupt, as a run injects it; its count is that of the interrupts taken first, or 1
 * @param after         how many interrupts the guest takes first, 0 to 1,000,000; if {@code at} or
 *                      {@code atInstruction} is given, the guest is stepped from the injection of the last one
 * @param at            the symbol before whose first instruction the guest is frozen; empty: wherever it is
 * @param atInstruction how many instructions are executed after that: from the symbol, else from the injection of the
 *                      last interrupt, else from the guest's first instruction; empty: until the guest is ready
 * @param fault         the fault that the plan shows; empty: none
 */
public record ExplainPlan(RunPlan run, int after, Optional<String> at, OptionalInt atInstruction,
        Optional<Fault> fault) {

    /** The largest {@code after} and {@code atInstruction}. */
    public static final int MOST_BEFORE = 1_000_000;

    private static final Duration TIMEOUT_PER_STEP = Duration.ofMillis(5);

    public ExplainPlan {
        Objects.requireNonNull(run, "run");
        requireWithin("after", after, 0, MOST_BEFORE);
        atInstruction.ifPresent(instructions -> requireWithin("atInstruction", instructions, 0, MOST_BEFORE));
        if (run.interrupt().lines().size() > 1) {
            throw new IllegalArgumentException("an explanation takes one line, not " + run.interrupt().lines().size());
        }
        if (run.conduct().timeout().isEmpty() && atInstruction.isPresent()) {
            Duration steps = TIMEOUT_PER_STEP.multipliedBy(atInstruction.getAsInt());
            Duration usual = run.effectiveTimeout().plus(steps);
            run = run.withTimeout(Optional.of(usual));
        }
    }

    /** The plan that shows a fault of the catalogue. */
    public static ExplainPlan of(Fault fault) {
        FaultScenario scenario = fault.scenario();
        return new ExplainPlan(scenario.run(), scenario.after(), Optional.empty(), OptionalInt.empty(),
                Optional.of(fault));
    }

    /** The same with another time for the watchdog; empty: the usual one. */
    public ExplainPlan withTimeout(Optional<Duration> timeout) {
        return new ExplainPlan(run.withTimeout(timeout), after, at, atInstruction, fault);
    }

    /** Whether the guest is single-stepped to the point. */
    boolean isStepped() {
        return at.isPresent() || atInstruction.isPresent();
    }

    /** Whether it is single-stepped from the injection of an interrupt, for example into its handler. */
    boolean isFollowed() {
        return isStepped() && after > 0;
    }
}
