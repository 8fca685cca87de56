package dev.interject.trace;

/** What reached the interrupt controllers, or came from them, wherever they live. */
public sealed interface ControllerEvent extends TimedEvent {

    /**
     * A line was driven.
     *
     * @param status what the controllers said: below 0 ignored, 0 coalesced, above 0 accepted; of a line that is taken
     *               low it means nothing
     */
    record LineDriven(long begin, long end, int line, boolean high, int status) implements ControllerEvent {}

    /** A message was sent to a LAPIC ({@code KVM_SIGNAL_MSI}). */
    record MessageSent(long begin, long end, int status) implements ControllerEvent {}

    /** An eventfd that is bound to a line or a message was signalled; what became of it, nobody tells. */
    record EventfdSignalled(long begin, long end) implements ControllerEvent {}

    /** Our own 8259 pair was asked for its vector (INTA). */
    record Acknowledged(long begin, long end, int vector) implements ControllerEvent {}

    /** The guest sent an EOI to one of our own 8259s. */
    record PicEnded(long begin, long end, boolean slave) implements ControllerEvent {}

    /** The guest ended a level of our own IOAPIC. */
    record IoapicEnded(long begin, long end, int vector) implements ControllerEvent {}

    /** The kernel reported, by a resample eventfd, that the guest has ended a level. */
    record Resampled(long begin, long end) implements ControllerEvent {}

    /** So many of a burst were found to be merged with others of their vector that wait. */
    record Merged(long begin, long end, int vector, int count) implements ControllerEvent {}
}
