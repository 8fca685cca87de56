package dev.interject.interrupt.gate;

import java.util.List;

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

    /** How often the interrupt is taken. */
    public int times() {
        return areRivals ? Math.min(1, vcpus.size()) : vcpus.size();
    }
}
