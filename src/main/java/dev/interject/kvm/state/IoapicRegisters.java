package dev.interject.kvm.state;

import java.util.List;

import dev.interject.bindings.NativeHeaders;

/**
 * The state of the IOAPIC in the kernel ({@code struct kvm_ioapic_state}, api.rst 4.26).
 *
 * @param irr     the pins that request an interrupt, pin n in bit n
 * @param entries the redirection table: 64 bits for each of the 24 pins
 */
public record IoapicRegisters(int irr, List<Long> entries) {

    /** How many pins the in-kernel IOAPIC has; GSIs run from 0 to one less. */
    public static final int PINS = NativeHeaders.KVM_IOAPIC_NUM_PINS();

    /**
     * Checks the number of entries and copies them.
     *
     * @throws IllegalArgumentException if there is not one entry for each pin
     */
    public IoapicRegisters {
        entries = List.copyOf(entries);
        if (entries.size() != PINS) {
            throw new IllegalArgumentException("an IOAPIC has %d entries, not %d".formatted(PINS, entries.size()));
        }
    }
}
