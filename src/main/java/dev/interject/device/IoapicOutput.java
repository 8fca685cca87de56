package dev.interject.device;

/** The destination of an {@link Ioapic}'s interrupts. It must not call the IOAPIC back: that is in mid-change. */
public interface IoapicOutput {

    /**
     * Sends an interrupt to the LAPICs that the entry addresses.
     *
     * @return the status, as of {@code KVM_SIGNAL_MSI}: positive if a LAPIC accepted it, 0 if the LAPICs blocked it,
     *         negative if no LAPIC is addressed
     */
    int deliver(int pin, Redirection entry);

    /** Called after the guest changed an entry and before an interrupt is delivered through it. */
    void entryChanged(int pin, Redirection entry);
}
