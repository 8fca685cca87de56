package dev.interject.guest;

/** A source of interrupts that a guest is set up to take them from. */
public enum GuestInput {
    /** It programs both 8259s. */
    PIC,
    /** It programs the IOAPIC. */
    IOAPIC,
    /** It enables its LAPIC, for messages and IPIs. */
    LAPIC,
    /** It has a handler for non-maskable interrupts. */
    NMI,
    /** It programs the PIT in the kernel. */
    PIT,
    /** It programs the timer of its LAPIC. */
    LAPIC_TIMER
}
