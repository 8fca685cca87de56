package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.interject.cli.output.Micros;
import dev.interject.cli.svg.Colour;
import dev.interject.cli.svg.LegendEntry;
import dev.interject.cli.svg.LegendEntry.Symbol;
import dev.interject.cli.svg.SvgPage;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.trace.HostEvent;

/**
 * A picture of one interrupt and of everything that happens at the same time: the interrupt with the median time from
 * its injection to the end of its handler.
 */
final class TraceSvg {

    private static final int WIDTH = 1100;
    /** What is shown before the injection and after the end, as a share of the time between. */
    private static final double BEFORE = 0.02;
    private static final double AFTER = 0.03;
    /** How much is shown of an interrupt without a handler. */
    private static final long WITHOUT_HANDLER_NANOS = 200_000;

    private final RunReport run;
    private final Timeline timeline;
    private final boolean eoiUnobserved;

    private TraceSvg(TraceReport report) {
        this.run = report.run();
        this.timeline = report.timeline();
        this.eoiUnobserved = TimelineRows.leavesEoiUnobserved(report);
    }

    /** The whole file. */
    static String render(TraceReport report) {
        TraceSvg svg = new TraceSvg(report);
        return svg.choose().map(svg::picture).orElseGet(svg::withoutInterrupt);
    }

    /** The interrupt that is shown. A timer's has no injection; one that was not taken has no handler. */
    private record Shown(Optional<HostEvent.Injected> injection, Optional<HandlerRun> handler) {

        long begin() {
            return injection.map(HostEvent.Injected::begin).orElseGet(() -> handler.orElseThrow().begin());
        }

        /** The last known moment of it. */
        Optional<Long> end() {
            return handler.map(run -> Math.max(run.end().orElse(run.begin()),
                    run.acknowledgedAt().orElse(run.begin())));
        }

        long nanos() {
            return end().orElseThrow() - begin();
        }

        String number() {
            return "#" + (1 + injection.map(HostEvent.Injected::index)
                    .orElseGet(() -> handler.orElseThrow().index().orElse(0)));
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

    private String withoutInterrupt() {
        SvgPage page = new SvgPage(WIDTH);
        String reason = run.reason().orElse(run.outcome().label());
        double y = page.heading("No interrupt was injected",
                List.of("interject trace, %s, irqchip %s, path %s".formatted(run.request().subject(),
                        run.irqchip(), run.path())),
                reason);
        return page.finish(y + SvgPage.MARGIN, reason);
    }

    private String picture(Shown shown) {
        long from = shown.begin();
        long to = shown.end().orElse(Math.min(timeline.end(), from + WITHOUT_HANDLER_NANOS));
        long span = Math.max(100, to - from);
        TimeScale scale =
                new TimeScale(from - (long) (span * BEFORE), from + span + (long) (span * AFTER), from);
        SvgPage page = new SvgPage(WIDTH);
        double y = page.heading(headline(shown), List.of("%s, %s of %d".formatted(
                run.request().describe(run.irqchip()), shown.number(), run.request().count())),
                run.reason().orElse(""));
        double lanesTop = measures(page, scale, shown, y);
        TraceLanes lanes = new TraceLanes(timeline, eoiUnobserved, scale, shown.injection().isPresent() ? from
                : scale.from());
        timeline.events().forEach(lanes::add);
        timeline.handlers()
                .forEach(run -> lanes.add(run,
                        shown.handler().equals(Optional.of(run)) ? Optional.of(shown.number()) : Optional.empty()));
        if (shown.handler().isEmpty()) {
            heldAt().ifPresent(gate -> lanes.held(run.target().vcpu(),
                    "%s (%s)".formatted(gate.place(), gate.evidence())));
        }
        double bottom = lanes.draw(page, lanesTop);
        shown.injection()
                .ifPresent(injected -> shown.handler()
                        .ifPresent(handler -> lanes.arrow(page, injected.begin(), handler)));
        return page.finish(page.legend(axis(page, scale, lanesTop, bottom), legend(page, shown)), description(shown));
    }

    /** The gate that holds what was not taken. */
    private Optional<Gate> heldAt() {
        return run.gates().after().flatMap(GatePath::holder);
    }

    private static double measures(SvgPage page, TimeScale scale, Shown shown, double top) {
        double y = top + 4;
        if (shown.handler().isPresent()) {
            HandlerRun handler = shown.handler().get();
            if (shown.injection().isPresent()) {
                y = measure(page, scale, shown.begin(), handler.begin(), "to its handler", y);
            }
            if (handler.end().isPresent()) {
                y = measure(page, scale, handler.begin(), handler.end().getAsLong(), "in its handler", y);
            }
        }
        return y;
    }

    private static double measure(SvgPage page, TimeScale scale, long begin, long end, String what, double y) {
        page.measure(TraceLanes.LINK, scale.x(begin), scale.x(end), y + 6, what + " " + Micros.withUnit(end - begin));
        return y + SvgPage.LINE_HEIGHT;
    }

    private static double axis(SvgPage page, TimeScale scale, double top, double bottom) {
        double step = scale.step();
        double y = bottom + SvgPage.LINE_HEIGHT;
        for (int tick = 0; scale.zero() + Math.round(tick * step) <= scale.to(); tick++) {
            long nanos = scale.zero() + Math.round(tick * step);
            String words = scale.tick(nanos);
            page.gridLine(scale.x(nanos), top, bottom + 2);
            page.text(scale.x(nanos) - SvgPage.widthOf(words) / 2, y, words, SvgPage.Font.DIM);
        }
        page.text(SvgPage.MARGIN, y, "us", SvgPage.Font.DIM);
        return y + 6;
    }

    private static List<LegendEntry> legend(SvgPage page, Shown shown) {
        List<LegendEntry> entries = new ArrayList<>(List.of(
                new LegendEntry(Symbol.BAR, TraceLanes.HOST, "host"),
                new LegendEntry(Symbol.BAR, TraceLanes.CONTROLLERS, "interrupt controllers"),
                new LegendEntry(Symbol.BAR, TraceLanes.IN_GUEST, "vCPU in KVM_RUN"),
                new LegendEntry(Symbol.BAR, TraceLanes.HANDLER, "handler of " + shown.number()),
                new LegendEntry(Symbol.BAR, TraceLanes.OTHER_HANDLER, "another handler")));
        entries.add(shown.handler().isEmpty()
                ? new LegendEntry(Symbol.BAR, TraceLanes.LINK, "held at a gate")
                : new LegendEntry(shown.injection().isPresent() ? Symbol.ARROW : Symbol.BAR, TraceLanes.LINK,
                        shown.injection().isPresent() ? "from the injection to its handler" : "measured time"));
        List<Colour> used = entries.stream().map(LegendEntry::colour).filter(page::uses).toList();
        return entries.stream().filter(entry -> used.contains(entry.colour())).toList();
    }

    private String headline(Shown shown) {
        if (shown.handler().isEmpty()) {
            return "Interrupt %s: no handler ran".formatted(shown.number());
        }
        return shown.injection().isEmpty()
                ? "Tick %s".formatted(shown.number())
                : "Interrupt %s: %s from the host to its handler".formatted(shown.number(),
                        Micros.withUnit(shown.handler().get().begin() - shown.begin()));
    }

    private String description(Shown shown) {
        StringBuilder words = new StringBuilder("Lanes from top to bottom: the host, the interrupt controllers, and"
                + " each vCPU with its guest's handlers. ");
        shown.injection().ifPresent(_ -> words.append("At 0 us the host injects the interrupt. "));
        shown.handler().ifPresent(handler -> {
            words.append(String.format(Locale.ROOT, "At %.1f us vCPU %d enters the handler of vector 0x%02x. ",
                    (handler.begin() - shown.begin()) / Micros.NANOS, handler.vcpu(), handler.vector()));
            handler.end()
                    .ifPresent(end -> words.append(String.format(Locale.ROOT, "At %.1f us it leaves it. ",
                            (end - shown.begin()) / Micros.NANOS)));
        });
        run.reason().ifPresent(reason -> words.append(reason).append(". "));
        return words.append(TraceText.summary(timeline)).append('.').toString();
    }
}
