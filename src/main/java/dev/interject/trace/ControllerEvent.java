package dev.interject.trace;

/** Input to or output from the interrupt controllers, in the kernel or in user space. */
public sealed interface ControllerEvent extends TimedEvent {

    /**
     * A line was driven high.
     *
     * @param status the controllers' answer: below 0 ignored, 0 coalesced, above 0 accepted
     */
    record LineRaised(long begin, long end, int line, int status) implements ControllerEvent {}

    /** A line was driven low. */
    record LineLowered(long begin, long end, int line) implements ControllerEvent {}

    /**
     * A message was sent to a LAPIC ({@code KVM_SIGNAL_MSI}).
     *
     * @param status above 0 if a LAPIC accepted it
     */
    record MessageSent(long begin, long end, int status) implements ControllerEvent {}

    /** An eventfd that is bound to a line or a message was signalled. KVM reports no status for it. */
    record EventfdSignalled(long begin, long end) implements ControllerEvent {}

    /** The 8259 pair in user space returned its vector to an INTA cycle. */
    record VectorAcknowledged(long begin, long end, int vector) implements ControllerEvent {}

    /** The guest sent an EOI to an 8259 in user space: the slave or else the master. */
    record PicEoi(long begin, long end, boolean slave) implements ControllerEvent {}

    /** The guest's EOI of a level-triggered vector reached the IOAPIC in user space. */
    record IoapicEoi(long begin, long end, int vector) implements ControllerEvent {}

    /** The kernel signalled a resample eventfd: the guest sent the EOI of a level-triggered interrupt. */
    record ResampleSignalled(long begin, long end) implements ControllerEvent {}

    /** {@code count} interrupts of a burst were found merged with a pending one of the same vector. */
    record Coalesced(long begin, long end, int vector, int count) implements ControllerEvent {}
}
