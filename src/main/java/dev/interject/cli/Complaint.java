package dev.interject.cli;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.host.HostTrouble;
import dev.interject.kvm.UnsupportedKvmException;
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
            return of(HostTrouble.of(call));
        }
        if (failure instanceof UnsupportedKvmException unsupported) {
            return of(HostTrouble.of(unsupported));
        }
        if (failure instanceof OutputFailure output) {
            return of(output.getMessage(), Outcome.HOST_UNABLE);
        }
        String message = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        return of(message, Outcome.HOST_UNABLE);
    }

    private static Complaint of(HostTrouble trouble) {
        return new Complaint(trouble.message(), trouble.mend(), Outcome.HOST_UNABLE);
    }

    /** Message and mend in one line. */
    String oneLine() {
        return mend.isEmpty() ? message : message + "; mend: " + mend;
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
