package dev.interject.cli.command;

import dev.interject.cli.output.OutputFailure;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.ReferenceMissingException;
import dev.interject.experiment.doctor.HostProblem;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * A failure in one line, or two with its fix.
 *
 * @param fix     empty where there is nothing to advise
 * @param exitCode as the README lists them
 */
public record CliError(String message, String fix, int exitCode) {

    /** {@code EX_SOFTWARE} of sysexits.h: a bug of ours, which nobody is to take for a host that cannot. */
    static final int BUG = 70;

    public static CliError of(String message, Outcome outcome) {
        return new CliError(message, "", outcome.exitCode());
    }

    /** What a thrown error means for the user. */
    public static CliError of(Error failure) {
        if (failure instanceof OutOfMemoryError) {
            return new CliError("out of memory: " + failure.getMessage(),
                    "a lower --count (or --events), or more memory: JAVA_TOOL_OPTIONS=-Xmx2g",
                    Outcome.HOST_UNABLE.exitCode());
        }
        if (failure instanceof LinkageError) { // the C library lacks a function, or native access is denied
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return of(String.valueOf(cause.getMessage()), Outcome.HOST_UNABLE);
        }
        return bug(failure);
    }

    private static CliError bug(Throwable failure) {
        return new CliError("a bug in Interject: " + failure, "please report it, with what --verbose shows", BUG);
    }

    /** What a thrown failure means for the user. */
    public static CliError of(Exception failure) {
        if (failure instanceof SystemCallException call) {
            return of(HostProblem.of(call));
        }
        if (failure instanceof UnsupportedKvmException unsupported) {
            return of(HostProblem.of(unsupported));
        }
        if (failure instanceof ReferenceMissingException missing) {
            return new CliError(missing.getMessage(), missing.fix(), Outcome.HOST_UNABLE.exitCode());
        }
        if (failure instanceof OutputFailure output) {
            return of(output.getMessage(), Outcome.HOST_UNABLE);
        }
        return bug(failure);
    }

    private static CliError of(HostProblem trouble) {
        return new CliError(trouble.message(), trouble.fix(), Outcome.HOST_UNABLE.exitCode());
    }

    /** Message and fix in one line. */
    public String oneLine() {
        return fix.isEmpty() ? message : message + "; fix: " + fix;
    }

    /** Prints it on standard error and returns the exit code. */
    public int print() {
        System.err.println("interject: " + message);
        if (!fix.isEmpty()) {
            System.err.println("  fix: " + fix);
        }
        return exitCode;
    }
}
