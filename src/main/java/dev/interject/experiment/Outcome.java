package dev.interject.experiment;

import java.util.Locale;

/** How a run ended, with the exit code that says so. */
public enum Outcome {
    /** Every interrupt was taken. */
    TAKEN(0),
    /** Not every interrupt was taken. */
    NOT_TAKEN(1),
    /** Interject would not do it, since the guest would break. */
    REFUSED(2),
    /** This host cannot. */
    HOST_UNABLE(3),
    /** The guest crashed. */
    GUEST_CRASHED(4),
    /** The watchdog ended the run. */
    TIMED_OUT(5),
    /** The user ended the run. */
    INTERRUPTED(130);

    private final int exitCode;

    Outcome(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
