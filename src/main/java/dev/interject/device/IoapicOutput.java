package dev.interject.device;

/** Where the interrupts of an {@link Ioapic} go. What it is called from is not finished: it must not call back. */
public interface IoapicOutput {

    /**
     * Hands an interrupt to the LAPICs that the entry names.
     *
     * @return what they say, as {@code KVM_SIGNAL_MSI} does: above 0, taken; 0, blocked; below 0, there is none such
     */
    int deliver(int pin, Redirection entry);

    /** Hears that the guest has changed an entry, before anything is delivered through it. */
    void entryChanged(int pin, Redirection entry);
}
