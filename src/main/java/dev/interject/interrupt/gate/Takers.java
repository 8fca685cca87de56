package dev.interject.interrupt.gate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The vCPUs that take an interrupt, now or in the end.
 *
 * @param vcpus     by their numbers
 * @param areRivals whether only one of them takes it
 */
public record Takers(List<Integer> vcpus, boolean areRivals) {

    public Takers {
        vcpus = List.copyOf(vcpus);
    }

    /** As text, such as "vCPU 0 and vCPU 1". */
    @Override
    public String toString() {
        return vcpus.stream().map(vcpu -> "vCPU " + vcpu).collect(Collectors.joining(areRivals ? " or " : " and "));
    }

    /** How often the interrupt is taken. */
    public int times() {
        return areRivals ? Math.min(1, vcpus.size()) : vcpus.size();
    }
}
