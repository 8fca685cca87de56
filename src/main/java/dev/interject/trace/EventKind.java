package dev.interject.trace;

import java.util.function.Function;

/**
 * The kinds of events in a {@link Ring}. Each constant decodes what the {@link Recorder} method of the same name
 * encodes; its comment names the operands.
 */
enum EventKind {
    GATES_CHECKED(e -> new HostEvent.GatesChecked(e.begin(), e.end(), e.thread())),
    /** Small: status; first: index. */
    INJECTED(e -> new HostEvent.Injected(e.begin(), e.end(), e.thread(), e.firstAsInt(), e.small())),
    /** Small: errno; first: index. */
    REFUSED(e -> new HostEvent.Refused(e.begin(), e.end(), e.thread(), e.firstAsInt(), e.small())),
    /** Small: effect. */
    KICKED(e -> new HostEvent.Kicked(e.begin(), e.end(), e.thread(), e.vcpu(), KickEffect.values()[e.small()])),
    /** Small: vector. */
    HANDLER_ACKNOWLEDGED(
            e -> new HostEvent.HandlerAcknowledged(e.begin(), e.end(), e.thread(), e.vcpu(), e.small())),
    COUNTS_READ(e -> new HostEvent.CountsRead(e.begin(), e.end(), e.thread())),

    /** Small: status; first: line. */
    LINE_RAISED(e -> new ControllerEvent.LineRaised(e.begin(), e.end(), e.firstAsInt(), e.small())),
    /** First: line. */
    LINE_LOWERED(e -> new ControllerEvent.LineLowered(e.begin(), e.end(), e.firstAsInt())),
    /** Small: status. */
    MESSAGE_SENT(e -> new ControllerEvent.MessageSent(e.begin(), e.end(), e.small())),
    EVENTFD_SIGNALLED(e -> new ControllerEvent.EventfdSignalled(e.begin(), e.end())),
    /** Small: vector. */
    VECTOR_ACKNOWLEDGED(e -> new ControllerEvent.VectorAcknowledged(e.begin(), e.end(), e.small())),
    /** Small: whether it is the slave's. */
    PIC_EOI(e -> new ControllerEvent.PicEoi(e.begin(), e.end(), e.flag())),
    /** Small: vector. */
    IOAPIC_EOI(e -> new ControllerEvent.IoapicEoi(e.begin(), e.end(), e.small())),
    RESAMPLE_SIGNALLED(e -> new ControllerEvent.ResampleSignalled(e.begin(), e.end())),
    /** Small: vector; first: count. */
    COALESCED(e -> new ControllerEvent.Coalesced(e.begin(), e.end(), e.small(), e.firstAsInt())),

    /** Small: cause. */
    RAN(e -> new VcpuEvent.Ran(e.begin(), e.end(), e.vcpu(), ExitCause.values()[e.small()])),
    /** Small: whether the guest is halted. */
    SLEPT(e -> new VcpuEvent.Slept(e.begin(), e.end(), e.vcpu(), e.flag())),
    /** Small: width; first: port; second: value. */
    PORT_READ(e -> portAccess(e, false)),
    /** As with {@link #PORT_READ}. */
    PORT_WRITTEN(e -> portAccess(e, true)),
    /** Small: width; first: address; second: value. */
    MEMORY_READ(e -> memoryAccess(e, false)),
    /** As with {@link #MEMORY_READ}. */
    MEMORY_WRITTEN(e -> memoryAccess(e, true)),
    WINDOW_REQUESTED(e -> new VcpuEvent.WindowRequested(e.begin(), e.end(), e.vcpu())),
    /** Small: whether it was accepted; first: vector. */
    VECTOR_QUEUED(e -> new VcpuEvent.VectorQueued(e.begin(), e.end(), e.vcpu(), e.firstAsInt(), e.flag())),
    NMI_REQUESTED(e -> new VcpuEvent.NmiRequested(e.begin(), e.end(), e.vcpu())),

    /** Small: vector; first: counter. */
    HANDLER_ENTERED(e -> new HandlerStamp(e.vcpu(), e.small(), e.first(), true)),
    /** As with {@link #HANDLER_ENTERED}. */
    HANDLER_LEFT(e -> new HandlerStamp(e.vcpu(), e.small(), e.first(), false)),
    /** Small: vector; first: index. */
    HANDLER_SEEN(e -> new HandlerSeen(e.vcpu(), e.small(), e.begin(), e.firstAsInt())),
    MOMENT_REACHED(e -> new HostEvent.MomentReached(e.begin(), e.end(), e.thread()));

    private final Function<Ring.Entry, TraceEvent> decoder;

    EventKind(Function<Ring.Entry, TraceEvent> decoder) {
        this.decoder = decoder;
    }

    TraceEvent decode(Ring.Entry entry) {
        return decoder.apply(entry);
    }

    private static VcpuEvent portAccess(Ring.Entry e, boolean write) {
        return new VcpuEvent.PortAccessed(e.begin(), e.end(), e.vcpu(), e.firstAsInt(), e.small(), write,
                (int) e.second());
    }

    private static VcpuEvent memoryAccess(Ring.Entry e, boolean write) {
        return new VcpuEvent.MemoryAccessed(e.begin(), e.end(), e.vcpu(), e.first(), e.small(), write, e.second());
    }
}
