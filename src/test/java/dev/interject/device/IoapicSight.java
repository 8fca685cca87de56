package dev.interject.device;

import java.util.List;

/**
 * What can be seen of an IOAPIC and of the LAPIC behind it.
 *
 * @param ioapic    the pins and the redirection table
 * @param requested the vectors in the LAPIC's IRR
 */
record IoapicSight(IoapicState ioapic, List<Integer> requested) {

    /** For people: of the table, only the entries that are not as after reset. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("irr %06x, LAPIC's irr %s".formatted(ioapic.irr(), requested));
        for (int pin = 0; pin < ioapic.entries().size(); pin++) {
            Redirection entry = ioapic.entries().get(pin);
            if (!entry.equals(Redirection.RESET)) {
                text.append(", %d: %016x".formatted(pin, entry.bits()));
            }
        }
        return text.toString();
    }
}
