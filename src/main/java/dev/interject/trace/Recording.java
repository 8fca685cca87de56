package dev.interject.trace;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What was recorded.
 *
 * @param events  in the order in which they were noted, which is that of their ends but for handler stamps, which are
 *                noted when the host learns of them
 * @param dropped how many came when there was no room left; all after the last that is there
 */
public record Recording(List<TraceEvent> events, long dropped) {

    private static final EventKind[] KINDS = EventKind.values();
    private static final ExitCause[] CAUSES = ExitCause.values();
    private static final KickWay[] WAYS = KickWay.values();
    private static final int WIDTH_MASK = 0xff;

    static Recording of(Ring ring) {
        return new Recording(IntStream.range(0, ring.size()).mapToObj(i -> event(ring, i)).toList(), ring.dropped());
    }

    private static TraceEvent event(Ring ring, int i) {
        long begin = ring.begin(i);
        long end = ring.end(i);
        int vcpu = ring.vcpu(i);
        long thread = ring.thread(i);
        long wide = ring.first(i);
        int first = (int) wide;
        int second = (int) ring.second(i);
        return switch (KINDS[ring.kind(i)]) {
            case CHECKED -> new HostEvent.Checked(begin, end, thread);
            case INJECTED -> new HostEvent.Injected(begin, end, thread, first, second);
            case REFUSED -> new HostEvent.Refused(begin, end, thread, first, second);
            case KICKED -> new HostEvent.Kicked(begin, end, thread, vcpu, WAYS[first]);
            case HEARD -> new HostEvent.Heard(begin, end, thread, vcpu, first);
            case SETTLED -> new HostEvent.Settled(begin, end, thread);
            case LINE_DRIVEN -> new ControllerEvent.LineDriven(begin, end, first, vcpu != 0, second);
            case MESSAGE_SENT -> new ControllerEvent.MessageSent(begin, end, first);
            case EVENTFD_SIGNALLED -> new ControllerEvent.EventfdSignalled(begin, end);
            case ACKNOWLEDGED -> new ControllerEvent.Acknowledged(begin, end, first);
            case PIC_ENDED -> new ControllerEvent.PicEnded(begin, end, first != 0);
            case IOAPIC_ENDED -> new ControllerEvent.IoapicEnded(begin, end, first);
            case RESAMPLED -> new ControllerEvent.Resampled(begin, end);
            case MERGED -> new ControllerEvent.Merged(begin, end, first, second);
            case RAN -> new VcpuEvent.Ran(begin, end, vcpu, CAUSES[first]);
            case SLEPT -> new VcpuEvent.Slept(begin, end, vcpu);
            case PORT_READ, PORT_WRITTEN -> new VcpuEvent.PortAccessed(begin, end, vcpu, first >> Byte.SIZE,
                    first & WIDTH_MASK, KINDS[ring.kind(i)] == EventKind.PORT_WRITTEN, second);
            case MEMORY_READ, MEMORY_WRITTEN -> new VcpuEvent.MemoryAccessed(begin, begin, vcpu, wide, (int) end,
                    KINDS[ring.kind(i)] == EventKind.MEMORY_WRITTEN, ring.second(i));
            case WINDOW_REQUESTED -> new VcpuEvent.WindowRequested(begin, end, vcpu);
            case VECTOR_QUEUED -> new VcpuEvent.VectorQueued(begin, end, vcpu, first, second != 0);
            case NMI_ASKED -> new VcpuEvent.NmiAsked(begin, end, vcpu);
            case HANDLER_ENTERED -> new HandlerStamp(vcpu, first, begin, true);
            case HANDLER_LEFT -> new HandlerStamp(vcpu, first, begin, false);
        };
    }
}
