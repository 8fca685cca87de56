package dev.interject.interrupt.gate;

import java.util.List;

/**
 * Where an interrupt is taken.
 *
 * @param vcpus  the vCPU; if there are several, one of them
 * @param vector the vector
 */
public record Arrival(List<Integer> vcpus, int vector) {

    public Arrival {
        vcpus = List.copyOf(vcpus);
    }
}
