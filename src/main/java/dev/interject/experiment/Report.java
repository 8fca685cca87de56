package dev.interject.experiment;

import java.util.Optional;

/** What an experiment found. */
public interface Report {

    /** How the experiment ended and why. */
    Ending ending();

    /** How the experiment ended. */
    default Outcome outcome() {
        return ending().outcome();
    }

    /** Why it did not end with {@link Outcome#TAKEN}, in one line; empty if it did. */
    default Optional<String> reason() {
        return ending().reason();
    }

    /** The host's failure that ended the experiment, if one did; the report has what was finished. */
    default Optional<RuntimeException> failure() {
        return ending().failure();
    }
}
