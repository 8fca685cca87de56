package dev.interject.cli.trace;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.cli.output.Micros;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;

/**
 * A picture of one interrupt of a trace, with all that happened meanwhile: the one that took the median time from when
 * it was handed over to when its handler was left.
 */
final class TraceSvg {

    /** What is shown before the injection and after the end, as a part of the time between. */
    private static final double BEFORE = 0.04;
    private static final double AFTER = 0.03;
    /** Of an interrupt without a handler. */
    private static final long LONGEST_NANOS = 200_000;

    private final RunReport run;
    private final Timeline timeline;
    private final boolean eoiUnseen;

    private TraceSvg(TraceReport report) {
        this.run = report.run();
        this.timeline = report.timeline();
        this.eoiUnseen = TraceMoments.leavesEoiUnseen(report);
    }

    /** The whole file. */
    static String render(TraceReport report) {
        return new TraceSvg(report).render();
    }

    /** An interrupt and its handler, either of which may be missing: a timer's was handed over by nobody. */
    private record Shown(Optional<HostEvent.Injected> injection, Optional<HandlerRun> handler) {

        long nanosToHandler() {
            return handler.orElseThrow().begin() - injection.orElseThrow().begin();
        }

        /** From when it was handed over to when nothing more comes of it. */
        long nanos() {
            return lastOf(handler.orElseThrow()) - injection.orElseThrow().begin();
        }

        String number() {
            int index = injection.map(HostEvent.Injected::index)
                    .orElseGet(() -> handler.orElseThrow().index().orElse(0));
            return "#" + (index + 1);
        }
    }

    private Optional<Shown> choose() {
        Map<Integer, HandlerRun> handlers = timeline.handlersByInterrupt();
        List<Shown> complete = timeline.injections()
                .stream()
                .filter(injected -> handlers.containsKey(injected.index()))
                .map(injected -> new Shown(Optional.of(injected), Optional.of(handlers.get(injected.index()))))
                .sorted(Comparator.comparingLong(Shown::nanos))
                .toList();
        if (!complete.isEmpty()) {
            return Optional.of(complete.get((complete.size() - 1) / 2));
        }
        List<HandlerRun> counted = timeline.handlers().stream().filter(found -> found.index().isPresent()).toList();
        return timeline.injections()
                .stream()
                .findFirst()
                .map(injected -> new Shown(Optional.of(injected), Optional.empty()))
                .or(() -> counted.isEmpty() ? Optional.empty()
                        : Optional.of(new Shown(Optional.empty(), Optional.of(counted.get(counted.size() / 2)))));
    }

    private String render() {
        return choose().map(this::picture).orElseGet(this::nothing);
    }

    private String nothing() {
        String why = run.reason().orElse(run.outcome().label());
        return SvgPage.withText("No interrupt was handed over", "interject trace, guest %s, irqchip %s: %s".formatted(
                run.plan().effectiveGuest(), run.irqchip(), why));
    }

    private String picture(Shown shown) {
        long from = shown.injection().map(HostEvent.Injected::begin).orElseGet(() -> shown.handler().get().begin());
        long to = shown.handler().map(TraceSvg::lastOf).orElse(Math.min(timeline.end(), from + LONGEST_NANOS));
        long span = Math.max(1, to - from);
        SvgPage page = new SvgPage(from - (long) (span * BEFORE), to + (long) (span * AFTER), from);
        page.title(headline(shown), "guest %s, irqchip %s, path %s (%s), %s, %s of %d".formatted(
                run.plan().effectiveGuest(), run.irqchip(), run.path(), run.path().request(run.irqchip()),
                run.plan().trigger(), shown.number(), run.plan().count()));
        TraceLanes lanes = new TraceLanes(timeline, page, eoiUnseen, shown.number(), shown.handler());
        events(page).forEach(lanes::add);
        timeline.handlers().stream().filter(found -> isSeen(page, found)).forEach(lanes::add);
        shown.handler().ifPresent(handler -> {
            shown.injection().ifPresent(injected -> page.distance(injected.begin(), handler.begin(), "to its handler"));
            handler.end().ifPresent(end -> page.distance(handler.begin(), end, "handler"));
        });
        lanes.draw();
        if (shown.injection().isPresent()) {
            shown.handler().ifPresent(handler -> lanes.arrow(shown.injection().get().begin(), handler));
        }
        return page.finish(desc(shown));
    }

    private Stream<TimedEvent> events(SvgPage page) {
        return timeline.events().stream().filter(event -> page.overlaps(event.begin(), event.end()));
    }

    private boolean isSeen(SvgPage page, HandlerRun handler) {
        return page.overlaps(handler.begin(), handler.end().orElse(handler.begin()));
    }

    private static long lastOf(HandlerRun handler) {
        return Math.max(handler.end().orElse(handler.begin()), handler.heardAt().orElse(handler.begin()));
    }

    private String headline(Shown shown) {
        if (shown.handler().isEmpty()) {
            return "Interrupt %s: no handler ran".formatted(shown.number());
        }
        return shown.injection().isEmpty()
                ? "Tick %s".formatted(shown.number())
                : String.format(Locale.ROOT, "Interrupt %s: %.1f us from the host to its handler", shown.number(),
                        shown.nanosToHandler() / Micros.NANOS);
    }

    /** The picture in words, for those who do not see it. */
    private String desc(Shown shown) {
        StringBuilder words = new StringBuilder("Lanes from top to bottom: the host, the interrupt controllers, and"
                + " each vCPU with its guest's handlers. ");
        long zero = shown.injection().map(HostEvent.Injected::begin).orElseGet(timeline::zero);
        shown.injection().ifPresent(_ -> words.append("At 0 us the host begins to hand it over. "));
        shown.handler().ifPresent(handler -> {
            words.append(String.format(Locale.ROOT, "At %.1f us vCPU %d enters the handler of vector 0x%02x. ",
                    (handler.begin() - zero) / Micros.NANOS, handler.vcpu(), handler.vector()));
            handler.end()
                    .ifPresent(end -> words.append(String.format(Locale.ROOT, "At %.1f us it leaves it. ",
                            (end - zero) / Micros.NANOS)));
        });
        return words.append(TraceText.summary(timeline)).append('.').toString();
    }
}
