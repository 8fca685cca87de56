package dev.interject.cli;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.ReferenceMissingException;
import dev.interject.experiment.host.HostTrouble;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * A failure in one line, or two with its mend.
 *
 * @param mend     empty where there is nothing to advise
 * @param exitCode as the README lists them
 */
record Complaint(String message, String mend, int exitCode) {

    /** {@code EX_SOFTWARE} of sysexits.h: a bug of ours, which nobody is to take for a host that cannot. */
    static final int BUG = 70;

    static Complaint of(String message, Outcome outcome) {
        return new Complaint(message, "", outcome.exitCode());
    }

    /** What a thrown error means for the user. */
    static Complaint of(Error failure) {
        if (failure instanceof OutOfMemoryError) {
            return new Complaint("out of memory: " + failure.getMessage(),
                    "a lower --count (or --events), or more memory: JAVA_TOOL_OPTIONS=-Xmx2g",
                    Outcome.HOST_UNABLE.exitCode());
        }
        if (failure instanceof LinkageError) { // the C library lacks a function, or native access is denied
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return of(String.valueOf(cause.getMessage()), Outcome.HOST_UNABLE);
        }
        return bug(failure);
    }

    private static Complaint bug(Throwable failure) {
        return new Complaint("a bug in Interject: " + failure, "please report it, with what --verbose shows", BUG);
    }

    /** What a thrown failure means for the user. */
    static Complaint of(Exception failure) {
        if (failure instanceof SystemCallException call) {
            return of(HostTrouble.of(call));
        }
        if (failure instanceof UnsupportedKvmException unsupported) {
            return of(HostTrouble.of(unsupported));
        }
        if (failure instanceof ReferenceMissingException missing) {
            return new Complaint(missing.getMessage(), missing.mend(), Outcome.HOST_UNABLE.exitCode());
        }
        if (failure instanceof OutputFailure output) {
            return of(output.getMessage(), Outcome.HOST_UNABLE);
        }
        return bug(failure);
    }

    private static Complaint of(HostTrouble trouble) {
        return new Complaint(trouble.message(), trouble.mend(), Outcome.HOST_UNABLE.exitCode());
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
        return exitCode;
    }
}
