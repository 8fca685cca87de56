package dev.interject.experiment;

import java.util.Set;

import dev.interject.linux.error.SystemCallException;

/** Tells what a kernel lacks from what fails. */
public final class UnsupportedPath {

    /** How a kernel says that it does not know a request. */
    private static final Set<String> LACKING = Set.of("EINVAL", "ENOTTY", "ENOSYS", "EOPNOTSUPP");

    /** The requests that some path needs and a plain run does not. */
    private static final Set<String> OF_A_PATH =
            Set.of("KVM_IRQFD", "KVM_SIGNAL_MSI", "KVM_SET_GSI_ROUTING", "KVM_NMI", "KVM_ENABLE_CAP",
                    "KVM_CREATE_PIT2");

    private UnsupportedPath() {}

    /** Whether the kernel does not know a path, rather than that a call failed that should have worked. */
    public static boolean ofAPath(SystemCallException failed) {
        return LACKING.contains(failed.errno().name()) && OF_A_PATH.contains(failed.call());
    }
}
