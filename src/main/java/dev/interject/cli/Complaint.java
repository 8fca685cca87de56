package dev.interject.cli;

import dev.interject.experiment.HostTrouble;
import dev.interject.experiment.Outcome;
import dev.interject.linux.SystemCallException;

/**
 * A failure in one line, or two with its mend.
 *
 * @param mend empty where there is nothing to advise
 */
record Complaint(String message, String mend, Outcome outcome) {

    static Complaint of(String message, Outcome outcome) {
        return new Complaint(message, "", outcome);
    }

    /** What a thrown failure means for the user. */
    static Complaint of(Exception failure) {
        if (failure instanceof SystemCallException call) {
            HostTrouble trouble = HostTrouble.of(call);
            return new Complaint(trouble.message(), trouble.mend(), Outcome.HOST_UNABLE);
        }
        if (failure instanceof OutputFailure output) {
            return of(output.getMessage(), Outcome.HOST_UNABLE);
        }
        String message = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        return new Complaint(message, "--verbose shows where this came from", Outcome.HOST_UNABLE);
    }

    /** Prints it on standard error and returns the exit code. */
    int print() {
        System.err.println("interject: " + message);
        if (!mend.isEmpty()) {
            System.err.println("  mend: " + mend);
        }
        return outcome.exitCode();
    }
}
