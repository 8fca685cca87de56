package dev.interject.experiment;

import java.util.Locale;

/** How an experiment ended, with the exit code for it. */
public enum Outcome {
    /** Every interrupt was taken. */
    TAKEN(0),
    /** Not every interrupt was taken. */
    NOT_TAKEN(1),
    /** Interject refused, since the guest would break. */
    REFUSED(2),
    /** Host unsupported: a system call failed, or its KVM lacks something. */
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

    /** The exit code of the process, 0 to 255. */
    public int exitCode() {
        return exitCode;
    }

    /** The value in JSON, such as {@code not-taken}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
