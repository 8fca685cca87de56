package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.cli.svg.Colour;
import dev.interject.cli.svg.SvgPage;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;

/** The lanes of a trace's picture: the host, the interrupt controllers, and each vCPU with its handlers. */
final class TraceLanes {

    static final Colour HOST = Colour.BLUE;
    static final Colour CONTROLLERS = Colour.AMBER;
    static final Colour IN_GUEST = Colour.GREY;
    static final Colour HANDLER = Colour.GREEN;
    static final Colour OTHER_HANDLER = Colour.PURPLE;
    static final Colour LINK = Colour.RED;

    private final Timeline timeline;
    private final boolean eoiUnobserved;
    private final TimeScale scale;
    /** Earlier events have bars and no labels. */
    private final long labelledFrom;
    private final TraceLane host = new TraceLane("host", HOST);
    private final TraceLane controllers = new TraceLane("irqchip", CONTROLLERS);
    private final List<TraceLane> vcpus = new ArrayList<>();

    /** @param eoiUnobserved whether the guest sends EOIs that only a controller in the kernel sees */
    TraceLanes(Timeline timeline, boolean eoiUnobserved, TimeScale scale, long labelledFrom) {
        this.timeline = timeline;
        this.eoiUnobserved = eoiUnobserved;
        this.scale = scale;
        this.labelledFrom = labelledFrom;
        for (int vcpu = 0; vcpu < timeline.vcpus(); vcpu++) {
            vcpus.add(new TraceLane("vCPU " + vcpu, IN_GUEST));
        }
    }

    void add(TimedEvent event) {
        if (!scale.overlaps(event.begin(), event.end())) {
            return;
        }
        switch (event) {
            case HostEvent.Injected injected -> {
                host.bar(injected.begin(), injected.end(), HOST);
                if (isLabelled(injected.begin())) {
                    host.mark(injected.begin(), "injects", injected.index() + 1);
                }
            }
            case HostEvent other -> mark(host, other.begin(), EventText.of(other));
            case ControllerEvent controller -> {
                if (controller.end() > controller.begin()) {
                    controllers.bar(controller.begin(), controller.end(), CONTROLLERS);
                }
                mark(controllers, controller.begin(), EventText.of(controller));
            }
            case VcpuEvent vcpu -> add(vcpu, vcpus.get(vcpu.vcpu()));
        }
    }

    private void add(VcpuEvent event, TraceLane lane) {
        switch (event) {
            case VcpuEvent.Ran ran -> {
                lane.bar(ran.begin(), ran.end(), IN_GUEST);
                // of an access, the label of the access says that it is an exit
                if (ran.cause() != ExitCause.KVM_EXIT_IO && ran.cause() != ExitCause.KVM_EXIT_MMIO) {
                    mark(lane, ran.end(), EventText.of(ran));
                }
            }
            case VcpuEvent.Slept slept -> mark(lane, slept.end(), "thread wakes");
            case VcpuEvent.PortAccessed _,VcpuEvent.MemoryAccessed _ ->
                mark(lane, event.begin(), "exit: " + EventText.of(event));
            case VcpuEvent.WindowRequested _,VcpuEvent.VectorQueued _,VcpuEvent.NmiRequested _ ->
                mark(lane, event.begin(), EventText.of(event));
        }
    }

    /** @param number how the interrupt that is shown is called; empty for a handler of another */
    void add(HandlerRun handler, Optional<String> number) {
        long end = handler.end().orElseGet(timeline::end);
        if (!scale.overlaps(handler.begin(), end)) {
            return;
        }
        TraceLane lane = vcpus.get(handler.vcpu());
        Colour colour = number.isPresent() ? HANDLER : OTHER_HANDLER;
        lane.handlerBar(handler.begin(), end, colour);
        handlerMark(lane, handler.begin(), "handler 0x%02x entered".formatted(handler.vector()), colour);
        handler.end().ifPresent(left -> {
            handlerMark(lane, left, "handler 0x%02x left".formatted(handler.vector()), colour);
            if (eoiUnobserved && TimelineRows.endsAnInterrupt(handler)) {
                mark(controllers, left, "EOI, or earlier");
            }
        });
        number.ifPresent(name -> handler.acknowledgedAt()
                .ifPresent(nanos -> mark(host, nanos, "receives the acknowledgement of " + name)));
    }

    private void mark(TraceLane lane, long nanos, String words) {
        if (isLabelled(nanos)) {
            lane.mark(nanos, words);
        }
    }

    private void handlerMark(TraceLane lane, long nanos, String words, Colour colour) {
        if (isLabelled(nanos)) {
            lane.handlerMark(nanos, words, colour);
        }
    }

    private boolean isLabelled(long nanos) {
        return nanos - labelledFrom >= 0 && scale.overlaps(nanos, nanos);
    }

    /** Marks the end of a picture without a handler with the gate that holds the interrupt. */
    void held(int vcpu, String gate) {
        if (vcpu < vcpus.size()) {
            vcpus.get(vcpu).handlerMark(scale.to(), "held: " + gate, LINK);
        }
    }

    /**
     * Draws all lanes below {@code top}.
     *
     * @return the y below them
     */
    double draw(SvgPage page, double top) {
        double y = controllers.draw(page, scale, host.draw(page, scale, top));
        for (TraceLane lane : vcpus) {
            if (vcpus.size() == 1 || !lane.isEmpty()) {
                y = lane.draw(page, scale, y);
            }
        }
        return y;
    }

    /** Draws the arrow from an injection to its handler, left of all labels and then above the handlers. */
    void arrow(SvgPage page, long injected, HandlerRun handler) {
        TraceLane lane = vcpus.get(handler.vcpu());
        page.arrow(LINK, scale.x(injected), host.arrowStart(), lane.arrowTurn(), scale.x(handler.begin()),
                lane.arrowTip());
    }
}
