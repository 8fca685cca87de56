package dev.interject.experiment.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * Why this host is unsupported, and what the user can do about it.
 *
 * @param message names the failed call and its errno, or the missing capability
 * @param fix     one line; empty if no fix is known
 */
public record HostProblem(String message, String fix) {

    /** The calls that fail on a {@code /dev/kvm} that is not KVM's device. */
    private static final Set<String> FIRST_CALLS = Set.of(HostFixes.OPEN, HostFixes.FIRST_REQUEST);

    /** The problem behind a failed system call. */
    public static HostProblem of(SystemCallException failure) {
        return of(failure, HostFacts.read(Path.of("/")));
    }

    /** The problem behind a missing capability of this host's KVM. */
    public static HostProblem of(UnsupportedKvmException failure) {
        return new HostProblem(failure.getMessage(),
                "use a newer kernel (interject doctor shows what else is missing)");
    }

    static HostProblem of(SystemCallException failure, HostFacts facts) {
        String message = facts.deviceMismatch()
                .filter(mismatch -> FIRST_CALLS.contains(failure.call()))
                .map(mismatch -> "/dev/kvm is not KVM: %s; %s".formatted(mismatch, failure.getMessage()))
                .orElse(failure.getMessage());
        List<HostFix> fixes = HostFixes.of(failure, facts);
        return new HostProblem(message, switch (fixes.size()) {
            case 0 -> "interject doctor shows what this host supports";
            case 1 -> fixes.getFirst().oneLine();
            default -> fixes.getFirst().oneLine() + " (interject doctor shows other fixes)";
        });
    }
}
