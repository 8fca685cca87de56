package dev.interject.trace;

/** Something that the host did. Interrupts are numbered from 0 in the order of their injection. */
public sealed interface HostEvent extends TimedEvent {

    /** The {@link Thread#threadId()} of the thread that did it. */
    long thread();

    /** The guest of an image was brought to the moment of an injection, and stopped there. */
    record MomentReached(long begin, long end, long thread) implements HostEvent {}

    /** The gates were checked: the vCPU was stopped, its state read, and every gate evaluated. */
    record GatesChecked(long begin, long end, long thread) implements HostEvent {}

    /**
     * An interrupt was injected.
     *
     * @param index  the interrupt's number, from 0
     * @param status the interrupt controllers' answer: below 0 ignored, 0 coalesced, above 0 accepted
     */
    record Injected(long begin, long end, long thread, int index, int status) implements HostEvent {}

    /** The kernel refused an injection with {@code errno}. */
    record Refused(long begin, long end, long thread, int index, int errno) implements HostEvent {}

    /** A vCPU was kicked. */
    record Kicked(long begin, long end, long thread, int vcpu, KickEffect effect) implements HostEvent {}

    /** A handler's acknowledgement reached the host; on the thread of its vCPU. */
    record HandlerAcknowledged(long begin, long end, long thread, int vcpu, int vector) implements HostEvent {}

    /** The counts behind the ledger were read, with the vCPU stopped. */
    record CountsRead(long begin, long end, long thread) implements HostEvent {}
}
