package dev.interject.trace;

/** Why {@code KVM_RUN} returned: the kernel's name for the exit reason or the errno. */
public enum ExitCause {
    KVM_EXIT_IO,
    KVM_EXIT_MMIO,
    KVM_EXIT_HLT,
    KVM_EXIT_IRQ_WINDOW_OPEN,
    KVM_EXIT_SET_TPR,
    KVM_EXIT_IOAPIC_EOI,
    /** A pending signal or {@code immediate_exit}. */
    EINTR,
    /** A vCPU that waits for its start-up IPI was woken. */
    EAGAIN,
    KVM_EXIT_DEBUG,
    KVM_EXIT_SHUTDOWN,
    KVM_EXIT_FAIL_ENTRY,
    KVM_EXIT_INTERNAL_ERROR,
    /** An exit that Interject does not handle. */
    OTHER
}
