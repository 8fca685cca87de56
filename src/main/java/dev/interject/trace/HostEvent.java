package dev.interject.trace;

/** What the host did. Interrupts are numbered from 0, in the order in which they are handed over. */
public sealed interface HostEvent extends TimedEvent {

    /** The thread that did it: its {@link Thread#threadId()}. */
    long thread();

    /** The gates were checked: the vCPU brought out, its state read, and each gate asked. */
    record Checked(long begin, long end, long thread) implements HostEvent {}

    /**
     * One interrupt was handed over, or several that share one wire.
     *
     * @param status what the controllers said of it: below 0 ignored, 0 coalesced, above 0 accepted
     */
    record Injected(long begin, long end, long thread, int index, int status) implements HostEvent {}

    /** The kernel turned one down. */
    record Refused(long begin, long end, long thread, int index, int errno) implements HostEvent {}

    /** A vCPU was kicked. */
    record Kicked(long begin, long end, long thread, int vcpu, KickWay way) implements HostEvent {}

    /** A handler's word, for which the run waits, was heard; on the thread of its vCPU. */
    record Heard(long begin, long end, long thread, int vcpu, int vector) implements HostEvent {}

    /** The books were closed: the vCPU brought out, and all read that the ledger goes by. */
    record Settled(long begin, long end, long thread) implements HostEvent {}
}
