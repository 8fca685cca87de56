package dev.interject.experiment.run;

import java.util.Optional;

import dev.interject.linux.error.SystemCallException;

/** What the kernel turned down with an error although the user had insisted. Without that, an error ends the run. */
final class Refusals {

    private final boolean insisted;
    private volatile SystemCallException first;

    Refusals(boolean insisted) {
        this.insisted = insisted;
    }

    /** Keeps a refusal of the whole path. */
    void insistOn(SystemCallException refusal) {
        if (!insisted) {
            throw refusal;
        }
        first = refusal;
    }

    /** The first of them, or null. */
    SystemCallException first() {
        return first;
    }

    /** @throws SystemCallException the refusal, unless the user had insisted */
    void note(InterruptSource source, int index, SystemCallException refusal) {
        if (!insisted) {
            throw refusal;
        }
        source.refused(index, refusal);
        if (first == null) {
            first = refusal;
        }
    }

    /** One line on the first of them. */
    Optional<String> note() {
        return Optional.ofNullable(first).map(refusal -> "forced, and the kernel refused: " + refusal.getMessage());
    }
}
