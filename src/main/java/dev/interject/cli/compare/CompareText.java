package dev.interject.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.WordWrap;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.experiment.run.Latency;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.RouteCase;

/** A comparison as one table, 80 columns wide, with remarks on its rows below it. */
final class CompareText {

    private static final String COLUMNS = "  %-9s %-11s %-8s %-5s %6s %4s %4s %6s %6s %5s %4s%n";

    private static final int WIDTH = 80;
    private static final List<String> LEGEND = List.of("smp/1: two vCPUs, injected into the second",
            "coal: coalesced; us: from injection to acknowledgement; for a timer from the",
            "      time when the tick was due",
            "exits: vCPU exits per interrupt",
            "kvm+: injections that KVM counted beyond those that the guest took; KVM counts",
            "      one again if a signal or a host interrupt cancelled the VM entry;",
            "      below 0: the CPU delivered without KVM (APICv, AVIC)");

    private final Style style;
    private final StringBuilder text = new StringBuilder();
    private final List<String> remarks = new ArrayList<>();

    CompareText(Style style) {
        this.style = style;
    }

    String render(Comparison comparison) {
        text.append('\n')
                .append(style.bold(
                        COLUMNS.formatted("irqchip", "path", "guest", "", "taken", "coal", "lost", "p50 us", "p99 us",
                                "exits", "kvm+")
                                .stripTrailing()))
                .append('\n');
        for (Row row : comparison.rows()) {
            switch (row) {
                case Row.Ran ran -> ran(ran.routeCase(), ran.report());
                case Row.Unsupported(RouteCase routeCase, String reason) ->
                    didNotRun(routeCase, style.warning("unsupported"), reason);
                case Row.HostFailed(RouteCase routeCase, String reason) ->
                    didNotRun(routeCase, style.bad("host failed"), reason);
            }
        }
        text.append('\n');
        LEGEND.forEach(line -> text.append("  ").append(line).append('\n'));
        remarks.forEach(remark -> WordWrap.fold(remark, WIDTH - 2)
                .forEach(part -> text.append("  ").append(part).append('\n')));
        text.append('\n');
        if (comparison.outcome() == Outcome.TAKEN) {
            text.append("  ").append(style.good("Every path took all of its interrupts.")).append('\n');
        }
        return text.toString();
    }

    private void ran(RouteCase routeCase, RunReport report) {
        Ledger ledger = report.ledger();
        Optional<Latency> latency = report.interrupts().summary();
        text.append(COLUMNS.formatted(routeCase.irqchip(), name(routeCase), guest(routeCase), routeCase.trigger(),
                ledger.taken(), ledger.coalesced(), ledger.lost(), micros(latency.map(Latency::p50)),
                micros(latency.map(Latency::p99)),
                exits(report),
                surplus(report)));
        report.reason().ifPresent(reason -> remark(routeCase, reason));
    }

    private void didNotRun(RouteCase routeCase, String what, String reason) {
        text.append("  %-9s %-11s %-8s %-5s %s%n".formatted(routeCase.irqchip(), name(routeCase), guest(routeCase),
                routeCase.trigger(), what));
        remark(routeCase, reason);
    }

    private static String exits(RunReport report) {
        OptionalDouble exits = report.observed().counters().exitsPerInterrupt(report.ledger());
        return exits.isPresent() ? String.format(Locale.US, "%.1f", exits.getAsDouble()) : "-";
    }

    private static String surplus(RunReport report) {
        OptionalLong surplus = report.observed().counters().surplus();
        return surplus.isPresent() ? "%,d".formatted(surplus.getAsLong()) : "-";
    }

    /** With the target vCPU, if there are several. */
    private static String guest(RouteCase routeCase) {
        return routeCase.vcpus() == 1 ? routeCase.guest().label() : routeCase.guest() + "/" + (routeCase.vcpus() - 1);
    }

    /** The path; a vector given by number is shown as such. */
    private static String name(RouteCase routeCase) {
        return routeCase.pathLabel();
    }

    private void remark(RouteCase routeCase, String what) {
        remarks.add("%s, %s, %s, %s: %s".formatted(routeCase.irqchip(), name(routeCase), guest(routeCase),
                routeCase.trigger(), what));
    }

    private static String micros(Optional<Long> nanos) {
        return nanos.map(Micros::of).orElse("-");
    }
}
