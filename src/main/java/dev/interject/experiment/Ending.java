package dev.interject.experiment;

import java.util.Optional;

/** How a run ended and why. */
public record Ending(Outcome outcome, Optional<String> reason) {

    public static Ending allTaken() {
        return new Ending(Outcome.TAKEN, Optional.empty());
    }

    public static Ending of(Outcome outcome, String reason) {
        return new Ending(outcome, Optional.of(reason));
    }
}
