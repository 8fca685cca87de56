package dev.interject.device;

import java.util.List;

/**
 * What an IOAPIC, ours or the kernel's, remembers of its pins.
 *
 * @param irr     the pins that ask, pin n in bit n; an edge that was sent no longer asks, a level does while it is high
 * @param entries the redirection table, one entry a pin
 */
public record IoapicState(int irr, List<Redirection> entries) {

    /** Keeps a copy of the table. */
    public IoapicState {
        entries = List.copyOf(entries);
    }
}
