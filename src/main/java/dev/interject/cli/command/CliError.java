package dev.interject.cli.command;

import java.io.PrintStream;

import dev.interject.cli.output.OutputFailure;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.ReferenceMissingException;
import dev.interject.experiment.doctor.HostProblem;
import dev.interject.experiment.qemu.QemuException;
import dev.interject.experiment.restore.InvalidSavedGuestException;
import dev.interject.experiment.state.InvalidStateException;
import dev.interject.experiment.suite.list.InvalidSuiteException;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * An error that ends a command before it has a report.
 *
 * @param message one line, without control characters; long words are cut
 * @param advice  the fix, or for a usage error the command that prints the help; may be empty; cut as the message
 */
public record CliError(Kind kind, String message, String advice) {

    /** The cause of an error, with its value in JSON and the exit code. */
    public enum Kind {
        /** The command line is wrong. */
        USAGE("usage-error", Outcome.REFUSED.exitCode(), "see"),
        /** The image cannot be booted, or a list of images or a state cannot be read. */
        IMAGE(Outcome.REFUSED.label(), Outcome.REFUSED.exitCode(), "fix"),
        /** The host does not support it, or a system call failed. */
        HOST(Outcome.HOST_UNABLE.label(), Outcome.HOST_UNABLE.exitCode(), "fix"),
        /** A bug in Interject; the code is {@code EX_SOFTWARE} of sysexits.h. */
        BUG("internal-error", 70, "fix");

        private final String label;
        private final int exitCode;
        private final String adviceLabel;

        Kind(String label, int exitCode, String adviceLabel) {
            this.label = label;
            this.exitCode = exitCode;
            this.adviceLabel = adviceLabel;
        }

        /** The outcome in JSON. */
        public String label() {
            return label;
        }

        public int exitCode() {
            return exitCode;
        }

        /** What the advice is called, on standard error and in JSON. */
        public String adviceLabel() {
            return adviceLabel;
        }
    }

    public CliError {
        message = PlainText.line(message);
        advice = PlainText.line(advice);
    }

    /** An error that the host causes, without a fix. */
    public static CliError host(String message) {
        return new CliError(Kind.HOST, message, "");
    }

    /** What a thrown failure means for the user. */
    public static CliError of(Throwable failure) {
        return switch (failure) {
            case SystemCallException call -> of(HostProblem.of(call));
            case VcpuEndedException ended when ended.getCause() instanceof SystemCallException call ->
                of(HostProblem.of(call));
            case UnsupportedKvmException unsupported -> of(HostProblem.of(unsupported));
            case ReferenceMissingException missing -> new CliError(Kind.HOST, missing.getMessage(), missing.fix());
            case UnbootableImageException image -> new CliError(Kind.IMAGE, image.getMessage(), image.fix());
            case InvalidSavedGuestException saved -> new CliError(Kind.IMAGE, saved.getMessage(), saved.fix());
            case InvalidStateException state -> new CliError(Kind.IMAGE, state.getMessage(), state.fix());
            case QemuException qemu -> new CliError(Kind.IMAGE, qemu.getMessage(), qemu.fix());
            case InvalidSuiteException suite -> new CliError(Kind.IMAGE, suite.getMessage(), suite.fix());
            case OutputFailure output -> host(output.getMessage());
            case OutOfMemoryError memory when String.valueOf(memory.getMessage()).contains("native thread") ->
                new CliError(Kind.HOST, "cannot start a thread: the limit of processes and threads is reached",
                        "a higher limit: ulimit -u, or pids.max of the cgroup (docker run --pids-limit)");
            case OutOfMemoryError _ -> new CliError(Kind.HOST, "out of memory: " + failure.getMessage(),
                    "a lower --count (or --events), or more memory: JAVA_TOOL_OPTIONS=-Xmx2g");
            // such as at the limit of open files
            case NoClassDefFoundError missing when missing.getCause() == null ->
                host("cannot load class " + missing.getMessage());
            // the C library lacks a function, or native access is denied
            case LinkageError _ -> host(
                    String.valueOf((failure.getCause() == null ? failure : failure.getCause()).getMessage()));
            default -> new CliError(Kind.BUG, "a bug in Interject: " + failure,
                    "please report it, with what --verbose shows");
        };
    }

    private static CliError of(HostProblem problem) {
        return new CliError(Kind.HOST, problem.message(), problem.fix());
    }

    /** Message and fix in one line. */
    public String oneLine() {
        return advice.isEmpty() ? message : message + "; fix: " + advice;
    }

    public int exitCode() {
        return kind.exitCode();
    }

    public void printTo(PrintStream err) {
        err.println("interject: " + message);
        if (!advice.isEmpty()) {
            err.println("  " + kind.adviceLabel() + ": " + advice);
        }
    }
}
