package dev.interject.experiment;

import java.util.Optional;

/** How a run ended and why. */
record Ending(Outcome outcome, Optional<String> reason) {

    static Ending allTaken() {
        return new Ending(Outcome.TAKEN, Optional.empty());
    }

    static Ending of(Outcome outcome, String reason) {
        return new Ending(outcome, Optional.of(reason));
    }
}
