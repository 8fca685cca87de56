package dev.interject.experiment.boot;

import java.util.List;
import java.util.Objects;

/**
 * How a booted guest ended.
 *
 * @param vcpus its vCPUs that ran code, if it broke
 */
public record BootReport(BootEnd end, List<PostMortem> vcpus) {

    /** Copies the list. */
    public BootReport {
        Objects.requireNonNull(end, "end");
        vcpus = List.copyOf(vcpus);
    }
}
