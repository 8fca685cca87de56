package dev.interject.trace;

/** Why {@code KVM_RUN} returned, by the kernel's names. */
public enum ExitCause {
    KVM_EXIT_IO,
    KVM_EXIT_MMIO,
    KVM_EXIT_HLT,
    KVM_EXIT_IRQ_WINDOW_OPEN,
    KVM_EXIT_SET_TPR,
    KVM_EXIT_IOAPIC_EOI,
    /** A signal, or {@code immediate_exit}. */
    EINTR,
    /** Something woke a vCPU that waits to be started. */
    EAGAIN,
    KVM_EXIT_DEBUG,
    KVM_EXIT_SHUTDOWN,
    KVM_EXIT_FAIL_ENTRY,
    KVM_EXIT_INTERNAL_ERROR,
    /** Any other: none that Interject has a use for. */
    OTHER
}
