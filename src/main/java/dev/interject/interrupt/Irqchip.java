package dev.interject.interrupt;

import java.util.Locale;

/** Where a VM's interrupt controllers live. */
public enum Irqchip {
    /** PIC, IOAPIC and LAPIC in KVM, as on most hypervisors today. */
    KERNEL,
    /** LAPIC in KVM, PIC and IOAPIC in user space. */
    SPLIT,
    /** No controller in KVM; an 8259 pair in user space. */
    USERSPACE;

    /** Whether a LAPIC in KVM takes messages and IPIs. */
    public boolean hasLapicInKernel() {
        return this != USERSPACE;
    }

    /** The word used in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
