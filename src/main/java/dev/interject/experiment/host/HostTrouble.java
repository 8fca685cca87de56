package dev.interject.experiment.host;

import java.nio.file.Path;
import java.util.List;

import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * Why this host cannot, and what the user can do about it.
 *
 * @param message names the call and the errno, or what is missing
 * @param mend    one line; empty where there is nothing to advise
 */
public record HostTrouble(String message, String mend) {

    /** What it means that a system call failed. */
    public static HostTrouble of(SystemCallException failure) {
        return of(failure, HostFacts.read(Path.of("/")));
    }

    /** What it means that this host's KVM lacks something. */
    public static HostTrouble of(UnsupportedKvmException failure) {
        return new HostTrouble(failure.getMessage(), "a newer kernel (interject doctor says what else is missing)");
    }

    static HostTrouble of(SystemCallException failure, HostFacts facts) {
        List<HostMend> mends = HostMends.of(failure, facts);
        return new HostTrouble(failure.getMessage(), switch (mends.size()) {
            case 0 -> "interject doctor says what this host can";
            case 1 -> mends.getFirst().oneLine();
            default -> mends.getFirst().oneLine() + " (other ways: interject doctor)";
        });
    }
}
