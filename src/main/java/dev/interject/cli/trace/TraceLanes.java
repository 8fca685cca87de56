package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;

/** The lanes of a trace's picture: who did what. */
public final class TraceLanes {

    private final Timeline timeline;
    private final SvgPage page;
    private final boolean eoiUnseen;
    private final String number;
    private final Optional<HandlerRun> main;
    private final SvgLane host = new SvgLane("host", "host");
    private final SvgLane controllers = new SvgLane("irqchip", "chip");
    private final List<SvgLane> vcpus = new ArrayList<>();

    /**
     * @param number of the interrupt that is shown
     * @param main   its handler
     */
    TraceLanes(Timeline timeline, SvgPage page, boolean eoiUnseen, String number, Optional<HandlerRun> main) {
        this.timeline = timeline;
        this.page = page;
        this.eoiUnseen = eoiUnseen;
        this.number = number;
        this.main = main;
        for (int vcpu = 0; vcpu < timeline.vcpus(); vcpu++) {
            vcpus.add(new SvgLane("vCPU " + vcpu, "run"));
        }
    }

    void add(TimedEvent event) {
        switch (event) {
            case HostEvent.Injected injected -> {
                host.bar(injected.begin(), injected.end(), "host");
                host.mark(injected.begin(), "hands over #%d".formatted(injected.index() + 1));
            }
            case HostEvent other -> host.mark(other.begin(), TraceWords.of(other));
            case ControllerEvent controller -> {
                if (controller.end() > controller.begin()) {
                    controllers.bar(controller.begin(), controller.end(), "chip");
                }
                controllers.mark(controller.begin(), TraceWords.of(controller));
            }
            case VcpuEvent vcpu -> add(vcpu, vcpus.get(vcpu.vcpu()));
        }
    }

    private static void add(VcpuEvent event, SvgLane lane) {
        switch (event) {
            case VcpuEvent.Ran ran -> {
                lane.bar(ran.begin(), ran.end(), "run");
                // what is accessed says that it is an exit
                if (ran.cause() != ExitCause.KVM_EXIT_IO && ran.cause() != ExitCause.KVM_EXIT_MMIO) {
                    lane.mark(ran.end(), TraceWords.of(ran));
                }
            }
            case VcpuEvent.Slept slept -> lane.mark(slept.end(), "thread wakes");
            case VcpuEvent.PortAccessed _,VcpuEvent.MemoryAccessed _ ->
                lane.mark(event.begin(), "exit: " + TraceWords.of(event));
            case VcpuEvent.WindowRequested _,VcpuEvent.VectorQueued _,VcpuEvent.NmiRequested _ ->
                lane.mark(event.begin(), TraceWords.of(event));
        }
    }

    void add(HandlerRun handler) {
        SvgLane lane = vcpus.get(handler.vcpu());
        boolean other = !main.equals(Optional.of(handler));
        long end = handler.end().orElseGet(timeline::end);
        lane.lowerBar(handler.begin(), end, other ? "run" : "handler");
        lane.lowerMark(handler.begin(), "handler 0x%02x entered".formatted(handler.vector()));
        handler.end().ifPresent(left -> {
            lane.lowerMark(left, "handler 0x%02x left".formatted(handler.vector()));
            if (eoiUnseen && TraceMoments.endsAnInterrupt(handler)) {
                controllers.mark(left, "EOI, at the latest");
            }
        });
        if (!other) {
            handler.heardAt().ifPresent(heard -> host.mark(heard, "hears that %s is taken".formatted(number)));
        }
    }

    /** All but the arrow, which goes over them. */
    void draw() {
        host.draw(page);
        controllers.draw(page);
        for (SvgLane lane : vcpus) {
            if (vcpus.size() == 1 || !lane.isEmpty()) {
                lane.draw(page);
            }
        }
    }

    void arrow(long from, HandlerRun handler) {
        page.arrow(from, host.bottomOfBar(), handler.begin(), vcpus.get(handler.vcpu()).topOfLowerBar());
    }
}
