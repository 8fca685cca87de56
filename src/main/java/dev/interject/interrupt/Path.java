package dev.interject.interrupt;

import java.util.Locale;

/** How an interrupt is handed to KVM. */
public enum Path {
    /** {@code KVM_IRQ_LINE}: a wire into the in-kernel controllers. */
    LINE("KVM_IRQ_LINE", "ENXIO"),
    /** {@code KVM_IRQFD}: an eventfd that pulls the wire; with a resample eventfd for a level. */
    IRQFD("KVM_IRQFD", "EINVAL"),
    /** {@code KVM_SIGNAL_MSI}: a message to a LAPIC. */
    MSI("KVM_SIGNAL_MSI", "EINVAL"),
    /** {@code KVM_SET_GSI_ROUTING}: a GSI that leads to a message, pulled as a line. */
    MSI_ROUTE("KVM_IRQ_LINE", "KVM_SET_GSI_ROUTING: EINVAL"),
    /** The same, pulled by an eventfd, as vhost and VFIO do. */
    MSI_IRQFD("KVM_IRQFD", "KVM_SET_GSI_ROUTING: EINVAL"),
    /** {@code KVM_INTERRUPT}: a vector queued for the vCPU, from our own 8259 pair or given by number. */
    VECTOR("KVM_INTERRUPT", ""),
    /** {@code KVM_NMI}: a non-maskable interrupt. */
    NMI("KVM_NMI", ""),
    /** A write to a LAPIC's ICR by the guest itself, for another vCPU or the same. */
    IPI("the LAPIC's ICR", "no LAPIC"),
    /** {@code KVM_CREATE_PIT2}: the kernel's PIT, which drives line 0 when the guest has programmed it. */
    PIT("KVM_CREATE_PIT2", "ENOENT"),
    /** The timer in the kernel's LAPIC, when the guest has programmed it. */
    LAPIC_TIMER("the LAPIC's timer", "no LAPIC");

    private final String request;
    private final String withoutIrqchip;

    Path(String request, String withoutIrqchip) {
        this.request = request;
        this.withoutIrqchip = withoutIrqchip;
    }

    /** Whether it sends a message to a LAPIC, by whatever means. */
    public boolean isMessage() {
        return this == MSI || this == MSI_ROUTE || this == MSI_IRQFD;
    }

    /** Whether it is a device in the kernel that interrupts by itself, and nothing is handed over. */
    public boolean isTimer() {
        return this == PIT || this == LAPIC_TIMER;
    }

    /** Whether it pulls a line of the kernel's, or of our own IOAPIC. */
    public boolean pullsKernelLine() {
        return this == LINE || this == IRQFD;
    }

    /** The errno with which KVM answers where no irqchip is in the kernel; empty where it works without. */
    public String withoutIrqchip() {
        return withoutIrqchip;
    }

    /** The ioctl that this path ends in, or what in the kernel stands for one. */
    public String request() {
        return request;
    }

    /** The same where the irqchip makes a difference: a line of our own IOAPIC ends in a message. */
    public String request(Irqchip irqchip) {
        return this == LINE && irqchip == Irqchip.SPLIT ? MSI.request : request;
    }

    /** The word used in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return label();
    }
}
