package dev.interject.device;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of an IOAPIC's pins, of Interject's {@link Ioapic} or of KVM's.
 *
 * @param irr     the pins that request an interrupt, pin n in bit n: an edge until it is sent, a level while it is high
 * @param entries the redirection table, one entry for each of the 24 pins
 */
public record IoapicState(int irr, List<Redirection> entries) {

    /**
     * Checks the number of pins and copies the table.
     *
     * @throws IllegalArgumentException if it is not the state of 24 pins
     */
    public IoapicState {
        entries = List.copyOf(entries);
        if (entries.size() != Ioapic.PINS || irr >>> Ioapic.PINS != 0) {
            throw new IllegalArgumentException("state must have %d pins, not %d entries and IRR 0x%x"
                    .formatted(Ioapic.PINS, entries.size(), irr));
        }
    }

    /** This state with another entry for a pin. */
    public IoapicState withEntry(int pin, Redirection entry) {
        List<Redirection> changed = new ArrayList<>(entries);
        changed.set(pin, entry);
        return new IoapicState(irr, changed);
    }
}
