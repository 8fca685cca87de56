package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.InvalidValueException;

/**
 * How long a run may take, and what it does about a guest that is not open to the interrupt.
 *
 * @param timeout when the watchdog ends the run; empty: a time that grows with count and interval
 * @param force   inject even where the checks say that the guest would break
 * @param await   wait until a closed guest opens, instead of refusing
 */
public record Conduct(Optional<Duration> timeout, boolean force, boolean await) {

    /** @throws IllegalArgumentException if the timeout is not above 0 */
    public Conduct {
        if (requireNonNull(timeout, "timeout").isPresent() && !timeout.get().isPositive()) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
    }

    /** Refuses what would break the guest; the watchdog's time is the given one, or the usual one. */
    public static Conduct within(Optional<Duration> timeout) {
        return new Conduct(timeout, false, false);
    }
}
