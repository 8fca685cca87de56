package dev.interject.experiment.doctor;

import java.nio.file.Path;
import java.util.List;

import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * Why this host cannot, and what the user can do about it.
 *
 * @param message names the call and the errno, or what is missing
 * @param fix    one line; empty where there is nothing to advise
 */
public record HostProblem(String message, String fix) {

    /** What it means that a system call failed. */
    public static HostProblem of(SystemCallException failure) {
        return of(failure, HostFacts.read(Path.of("/")));
    }

    /** What it means that this host's KVM lacks something. */
    public static HostProblem of(UnsupportedKvmException failure) {
        return new HostProblem(failure.getMessage(), "a newer kernel (interject doctor says what else is missing)");
    }

    static HostProblem of(SystemCallException failure, HostFacts facts) {
        List<HostFix> fixes = HostFixes.of(failure, facts);
        return new HostProblem(failure.getMessage(), switch (fixes.size()) {
            case 0 -> "interject doctor says what this host can";
            case 1 -> fixes.getFirst().oneLine();
            default -> fixes.getFirst().oneLine() + " (other ways: interject doctor)";
        });
    }
}
