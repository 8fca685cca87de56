package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

import dev.interject.interrupt.Irqchip;

/**
 * What an interrupt depends on at the machine that gets it.
 *
 * @param irqchip   where the interrupt controllers live
 * @param vcpus     how many there are
 * @param to        the target vCPU; empty: the one that a message's address names, or the first
 * @param isX2apic  whether the guest uses its LAPIC in x2APIC mode
 * @param takesNmis whether the guest's handler of vector 2 is one for NMIs
 */
public record Receiver(Irqchip irqchip, int vcpus, OptionalInt to, boolean isX2apic, boolean takesNmis) {

    /** Checks that nothing is missing. */
    public Receiver {
        requireNonNull(irqchip, "irqchip");
        requireNonNull(to, "to");
    }
}
