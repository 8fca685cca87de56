package dev.interject.guest;

/** A source of interrupts for which a guest can be set up. */
public enum GuestInput {
    /** The guest programs both 8259s. */
    PIC,
    /** The guest programs the IOAPIC. */
    IOAPIC,
    /** The guest enables its LAPIC, for MSIs and IPIs. */
    LAPIC,
    /** The guest has a handler for non-maskable interrupts. */
    NMI,
    /** The guest programs the PIT in the kernel. */
    PIT,
    /** The guest programs the timer of its LAPIC. */
    LAPIC_TIMER
}
