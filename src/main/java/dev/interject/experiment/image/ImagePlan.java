package dev.interject.experiment.image;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;

/**
 * An interrupt of a user's image, and when it is looked at.
 *
 * @param timeout how long the guest may take to the moment; empty: 10 s
 */
public record ImagePlan(ImageMachine machine, InterruptChoice interrupt, Moment moment, Optional<Duration> timeout) {

    private static final Duration STANDARD_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Checks the interrupt.
     *
     * @throws IllegalArgumentException if it is none, or one that the path does not take
     */
    public ImagePlan {
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(moment, "moment");
        if (timeout.isPresent() && !timeout.get().isPositive()) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
        interrupt.requireOneOn(machine.hardware().irqchip());
    }

    /** The path; with irqchip split, a line's leads through the IOAPIC unless its pin is masked at the moment. */
    public Route path() {
        return interrupt.pathOn(machine.hardware().irqchip());
    }

    /**
     * The injection, with everything decided.
     *
     * @param  state                of any vCPU of the guest
     * @throws EndedEarlyException if the guest's mode does not have the interrupt
     */
    public ResolvedInjection injection(GuestState state) {
        try {
            return interrupt.injectionIn(state, machine.to(), true);
        } catch (IllegalArgumentException wrong) {
            throw new EndedEarlyException(Outcome.REFUSED, wrong.getMessage());
        }
    }

    /** Why it cannot be carried out; empty if it may be tried. */
    public Optional<String> refusal() {
        Route path = path();
        return machine.refusal()
                .or(() -> path.isTimer() ? path.refusalOn(machine.hardware().irqchip()) : Optional.empty())
                .or(() -> path.isQueuedInUserSpace() && machine.to().orElse(0) > 0
                        ? Optional.of("path %s leads to vCPU 0 only".formatted(path))
                        : Optional.empty());
    }

    /** The same with a time limit. */
    public ImagePlan within(Duration limit) {
        return new ImagePlan(machine, interrupt, moment, Optional.of(limit));
    }

    /** The time limit. */
    public Duration effectiveTimeout() {
        return timeout.orElseGet(() -> STANDARD_TIMEOUT.plus(moment.runs()));
    }
}
