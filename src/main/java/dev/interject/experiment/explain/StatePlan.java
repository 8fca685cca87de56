package dev.interject.experiment.explain;

import java.util.Objects;
import java.util.OptionalInt;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.explain.ExplainedInterrupt.Subject;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;

/**
 * An interrupt that is explained for a state that was written down.
 *
 * @param name    of the file, or of the socket
 * @param subject where the state comes from
 * @param to   the target vCPU; empty: whom the interrupt is addressed to
 */
public record StatePlan(StateFile file, String name, Subject subject, InterruptChoice interrupt, OptionalInt to) {

    /**
     * Checks the interrupt.
     *
     * @throws IllegalArgumentException if it is none, or one that the path does not take
     */
    public StatePlan {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(subject, "subject");
        interrupt.requireOneOn(file.state().irqchip());
        if (to.isPresent()) {
            InvalidValueException.requireWithin("to", to.getAsInt(), 0, file.state().vcpus() - 1);
        }
        interrupt.injectionIn(file.state(), to, true); // checks the bits of an ICR
    }

    /** For a state that was written down. */
    public StatePlan(StateFile file, String name, InterruptChoice interrupt, OptionalInt to) {
        this(file, name, Subject.STATE, interrupt, to);
    }

    /** The path. */
    public Route path() {
        return interrupt.pathIn(file.state());
    }

    /** The injection, with everything decided. */
    ResolvedInjection injection() {
        return interrupt.injectionIn(file.state(), to, file.expectsNmis().orElse(true));
    }
}
