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
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.inject.Injector;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;

/** The rows of a trace's text: one for an instant, two for what has a duration. */
final class TimelineRows {

    /**
     * One row.
     *
     * @param nanos when, by {@link System#nanoTime()}
     * @param lane  the column of its actor: {@link #HOST}, {@link #CONTROLLERS} or {@link #laneOfVcpu}
     */
    record Row(long nanos, int lane, String text) {

        boolean repeats(Row other) {
            return lane == other.lane && text.equals(other.text);
        }
    }

    static final int HOST = 0;
    static final int CONTROLLERS = 1;
    private static final int FIRST_VCPU = 2;
    private static final int FIRST_INTERRUPT_VECTOR = 32;
    private static final Comparator<Row> BY_TIME = Comparator.comparingLong(Row::nanos);

    private final List<Row> rows = new ArrayList<>();
    private final Timeline timeline;
    private final RunReport run;
    private final boolean eoiUnobserved;

    private TimelineRows(TraceReport report) {
        this.timeline = report.timeline();
        this.run = report.run();
        this.eoiUnobserved = leavesEoiUnobserved(report);
    }

    /** In chronological order. */
    static List<Row> of(TraceReport report) {
        TimelineRows all = new TimelineRows(report);
        all.timeline.events().forEach(all::add);
        all.timeline.handlers().forEach(all::add);
        all.timeline.handlersByInterrupt().forEach(all::addAcknowledgement);
        all.rows.sort(BY_TIME);
        long[] others = all.rows.stream().mapToLong(Row::nanos).toArray();
        all.timeline.events().forEach(event -> all.addController(event, others));
        all.rows.sort(BY_TIME);
        return all.rows;
    }

    static int laneOfVcpu(int vcpu) {
        return FIRST_VCPU + vcpu;
    }

    /** Whether the host does not observe EOIs, since their controller is in the kernel. */
    static boolean leavesEoiUnobserved(TraceReport report) {
        return report.run().request().builtin().filter(BuiltinGuest::sendsEoi).isPresent()
                && report.timeline().events().stream().noneMatch(TimelineRows::isEoi);
    }

    /** Whether the handler sends an EOI: an NMI's or an exception's does not. */
    static boolean endsAnInterrupt(HandlerRun handler) {
        return handler.vector() >= FIRST_INTERRUPT_VECTOR;
    }

    private static boolean isEoi(TimedEvent event) {
        return event instanceof ControllerEvent.PicEoi || event instanceof ControllerEvent.IoapicEoi
                || event instanceof ControllerEvent.ResampleSignalled;
    }

    private void add(TimedEvent event) {
        switch (event) {
            case HostEvent host -> addHost(host);
            case ControllerEvent _ -> {
                // added once it is known what happens between its beginning and its end
            }
            case VcpuEvent vcpu -> addVcpu(vcpu);
        }
    }

    /** One row, unless something else happens between its beginning and its end. */
    private void addController(TimedEvent event, long[] others) {
        if (event instanceof ControllerEvent controller) {
            Optional<String> beginning = EventText.beginningOf(controller);
            boolean split = beginning.isPresent() && isAnyBetween(others, event.begin(), event.end());
            add(event.begin(), CONTROLLERS, split ? beginning.get() : EventText.of(controller));
            if (split) {
                add(event.end(), CONTROLLERS, EventText.of(controller));
            }
        }
    }

    private static boolean isAnyBetween(long[] sorted, long begin, long end) {
        int found = Arrays.binarySearch(sorted, begin + 1);
        int next = found < 0 ? -found - 1 : found;
        return next < sorted.length && sorted[next] < end;
    }

    private void addHost(HostEvent event) {
        add(event.begin(), HOST, EventText.of(event)
                + (event instanceof HostEvent.Injected ? ": " + run.path().request(run.irqchip()) : ""));
        switch (event) {
            case HostEvent.MomentReached reached -> add(reached.end(), HOST, "the guest is stopped at the moment");
            case HostEvent.GatesChecked checked -> add(checked.end(), HOST, "gates checked");
            case HostEvent.Injected injected -> add(injected.end(), HOST,
                    "#%d injected%s".formatted(injected.index() + 1,
                            injected.status() == Injector.NO_STATUS ? "" : ", status " + injected.status()));
            case HostEvent.CountsRead read -> add(read.end(), HOST, "counts read");
            case HostEvent.Refused _,HostEvent.Kicked _,HostEvent.HandlerAcknowledged _ -> {
                // one row
            }
        }
    }

    private void addVcpu(VcpuEvent event) {
        int lane = laneOfVcpu(event.vcpu());
        if (event instanceof VcpuEvent.Ran) {
            add(event.begin(), lane, "enters the guest (KVM_RUN)");
            add(event.end(), lane, EventText.of(event));
        } else {
            add(event.begin(), lane, EventText.of(event));
            if (event instanceof VcpuEvent.Slept) {
                add(event.end(), lane, "thread wakes");
            }
        }
    }

    private void add(HandlerRun handler) {
        int lane = laneOfVcpu(handler.vcpu());
        boolean isOther = run.request().isImage() && handler.index().isEmpty();
        add(handler.begin(), lane, isOther
                ? "handler of 0x%02x reached, for none of the run".formatted(handler.vector())
                : "handler 0x%02x entered".formatted(handler.vector())
                        + (handler.index().isPresent() ? ", for #" + (handler.index().getAsInt() + 1) : ""));
        handler.end().ifPresent(end -> {
            if (eoiUnobserved && endsAnInterrupt(handler)) {
                add(end, CONTROLLERS, "EOI of 0x%02x, now or earlier".formatted(handler.vector()));
            }
            add(end, lane, "handler 0x%02x left".formatted(handler.vector()));
        });
    }

    private void addAcknowledgement(int index, HandlerRun handler) {
        handler.acknowledgedAt()
                .ifPresent(nanos -> add(nanos, HOST, "#%d is acknowledged".formatted(index + 1)));
    }

    private void add(long nanos, int lane, String text) {
        rows.add(new Row(nanos, lane, text));
    }
}
