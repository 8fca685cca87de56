package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;

/** A trace moment by moment: what takes time is there twice, when it begins and when it is over. */
final class TraceMoments {

    private static final int FIRST_FREE_VECTOR = 32;
    private static final Comparator<TraceMoment> BY_TIME = Comparator.comparingLong(TraceMoment::nanos);

    private final List<TraceMoment> moments = new ArrayList<>();
    private final Timeline timeline;
    private final RunReport run;
    private final boolean eoiUnseen;

    private TraceMoments(TraceReport report) {
        this.timeline = report.timeline();
        this.run = report.run();
        this.eoiUnseen = leavesEoiUnseen(report);
    }

    /** In their order. */
    static List<TraceMoment> of(TraceReport report) {
        TraceMoments all = new TraceMoments(report);
        all.timeline.events().forEach(all::add);
        all.timeline.handlers().forEach(all::add);
        all.timeline.handlersByInterrupt().forEach(all::addHeard);
        all.moments.sort(BY_TIME);
        long[] others = all.moments.stream().mapToLong(TraceMoment::nanos).toArray();
        all.timeline.events().forEach(event -> all.addController(event, others));
        all.moments.sort(BY_TIME);
        return all.moments;
    }

    /**
     * Whether it is known of an EOI only that it was sent just before its handler was left: a controller in the kernel
     * tells nobody.
     */
    static boolean leavesEoiUnseen(TraceReport report) {
        return report.run().plan().effectiveGuest().sendsEoi()
                && report.timeline().events().stream().noneMatch(TraceMoments::isEoi);
    }

    /** Whether its handler ends anything: an NMI's does not. */
    static boolean endsAnInterrupt(HandlerRun handler) {
        return handler.vector() >= FIRST_FREE_VECTOR;
    }

    private static boolean isEoi(TimedEvent event) {
        return event instanceof ControllerEvent.PicEoi || event instanceof ControllerEvent.IoapicEoi
                || event instanceof ControllerEvent.ResampleSignalled;
    }

    private void add(TimedEvent event) {
        switch (event) {
            case HostEvent host -> addHost(host);
            case ControllerEvent _ -> {
                // when it is known what comes between
            }
            case VcpuEvent vcpu -> addVcpu(vcpu);
        }
    }

    /** One moment, unless something comes between its beginning and its end. */
    private void addController(TimedEvent event, long[] others) {
        if (event instanceof ControllerEvent controller) {
            Optional<String> beginning = TraceWords.beginningOf(controller);
            boolean parted = beginning.isPresent() && isAnyBetween(others, event.begin(), event.end());
            add(event.begin(), TraceMoment.CONTROLLERS, parted ? beginning.get() : TraceWords.of(controller));
            if (parted) {
                add(event.end(), TraceMoment.CONTROLLERS, TraceWords.of(controller));
            }
        }
    }

    private static boolean isAnyBetween(long[] sorted, long begin, long end) {
        int found = Arrays.binarySearch(sorted, begin + 1);
        int next = found < 0 ? -found - 1 : found;
        return next < sorted.length && sorted[next] < end;
    }

    private void addHost(HostEvent event) {
        add(event.begin(), TraceMoment.HOST, TraceWords.of(event)
                + (event instanceof HostEvent.Injected ? ": " + run.path().request(run.irqchip()) : ""));
        switch (event) {
            case HostEvent.GatesChecked checked -> add(checked.end(), TraceMoment.HOST, "gates checked");
            case HostEvent.Injected injected -> add(injected.end(), TraceMoment.HOST,
                    "#%d handed over, status %d".formatted(injected.index() + 1, injected.status()));
            case HostEvent.CountsRead settled -> add(settled.end(), TraceMoment.HOST, "counts read");
            case HostEvent.Refused _,HostEvent.Kicked _,HostEvent.HandlerAcknowledged _ -> {
                // one moment
            }
        }
    }

    private void addVcpu(VcpuEvent event) {
        int lane = TraceMoment.laneOfVcpu(event.vcpu());
        if (event instanceof VcpuEvent.Ran) {
            add(event.begin(), lane, "enters the guest (KVM_RUN)");
            add(event.end(), lane, TraceWords.of(event));
        } else {
            add(event.begin(), lane, TraceWords.of(event));
            if (event instanceof VcpuEvent.Slept) {
                add(event.end(), lane, "thread wakes");
            }
        }
    }

    private void add(HandlerRun handler) {
        int lane = TraceMoment.laneOfVcpu(handler.vcpu());
        add(handler.begin(), lane, "handler 0x%02x entered".formatted(handler.vector())
                + (handler.index().isPresent() ? ", for #" + (handler.index().getAsInt() + 1) : ""));
        handler.end().ifPresent(end -> {
            if (eoiUnseen && endsAnInterrupt(handler)) {
                add(end, TraceMoment.CONTROLLERS, "EOI of 0x%02x, at the latest".formatted(handler.vector()));
            }
            add(end, lane, "handler 0x%02x left".formatted(handler.vector()));
        });
    }

    private void addHeard(int index, HandlerRun handler) {
        handler.heardAt()
                .ifPresent(heard -> add(heard, TraceMoment.HOST, "hears that #%d is taken".formatted(index + 1)));
    }

    private void add(long nanos, int lane, String text) {
        moments.add(new TraceMoment(nanos, lane, text));
    }
}
