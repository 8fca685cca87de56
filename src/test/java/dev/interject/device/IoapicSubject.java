package dev.interject.device;

/** An IOAPIC and the LAPIC behind it that a test compares with another: ours or the kernel's, in the same words. */
interface IoapicSubject {

    /** Stores to a register of the IOAPIC. */
    void write(long offset, int width, long value);

    /** Loads from a register of the IOAPIC. */
    long read(long offset, int width);

    /**
     * Takes a pin high.
     *
     * @return what {@code KVM_IRQ_LINE_STATUS} says of it
     */
    int raise(int pin);

    /** Takes a pin low. */
    void lower(int pin);

    /** Sets IF for a moment; returns the vector taken, whose EOI is sent, or {@link ApicPuppet#NOTHING}. */
    int takeInterrupt();

    /** Software-enables the LAPIC, or lets it block every interrupt. */
    void enableLapic(boolean enabled);

    /** Returns what the IOAPIC remembers, and what waits in the LAPIC. */
    IoapicSight sight();

    /** Lowers all pins, empties the LAPIC, and puts the IOAPIC into this state; index and ID become 0. */
    void restore(IoapicState state);
}
