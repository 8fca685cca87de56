package dev.interject.experiment.bench;

import dev.interject.experiment.Outcome;

/** A round came to no end: an interrupt was not taken, the guest crashed, or the user has had enough. */
final class RoundFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    RoundFailed(Outcome outcome, String message) {
        super(message);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
