package dev.interject.experiment;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.route.Route;
import dev.interject.linux.error.SystemCallException;

/** Distinguishes a path that the kernel lacks from a call that failed. */
public final class UnsupportedPath {

    /** The error numbers of a request that the kernel does not implement. */
    private static final Set<String> LACKING = Set.of("EINVAL", "ENOTTY", "ENOSYS", "EOPNOTSUPP");

    /** The requests that only some paths need. */
    private static final Set<String> OF_A_PATH =
            Stream.concat(Stream.of("KVM_ENABLE_CAP"), // a split irqchip
                    Route.all().stream().flatMap(route -> route.optionalCalls().stream()))
                    .collect(Collectors.toUnmodifiableSet());

    /** The error numbers by which the kernel refuses a request, rather than fails to carry it out. */
    private static final Set<String> REFUSALS = Stream.concat(LACKING.stream(),
            Stream.of("ENXIO", "EEXIST", "ENOENT", "ENODEV", "EBUSY")).collect(Collectors.toUnmodifiableSet());

    private UnsupportedPath() {}

    /** Whether the kernel refused the request, which is what a forced injection is to show. */
    public static boolean isRefusal(SystemCallException failed) {
        return REFUSALS.contains(failed.errno().name());
    }

    /** Whether the failure means that the kernel lacks a path, rather than that the call failed. */
    public static boolean ofAPath(SystemCallException failed) {
        return LACKING.contains(failed.errno().name()) && OF_A_PATH.contains(failed.call());
    }
}
