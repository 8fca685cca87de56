package dev.interject.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Latency;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.RouteCase;

/** A comparison as one table, 80 columns wide, with remarks on its rows below it. */
final class CompareText {

    private static final String COLUMNS = "  %-9s %-11s %-8s %-5s %6s %4s %4s %6s %6s %5s %4s";
    private static final List<String> LEGEND = List.of("smp/1: two vCPUs, injected into the second",
            "coal: coalesced; us: from injection to acknowledgement; for a timer from the",
            "      time when the tick was due",
            "exits: vCPU exits per interrupt",
            "kvm+: injections that KVM counted beyond those that the guest took; KVM counts",
            "      one again if a signal or a host interrupt cancelled the VM entry;",
            "      below 0: the CPU delivered without KVM (APICv, AVIC)");

    private final Style style;
    private final TextPage page;
    private final List<String> remarks = new ArrayList<>();

    CompareText(Style style) {
        this.style = style;
        this.page = new TextPage(style);
    }

    String render(Comparison comparison) {
        page.line("");
        page.columns(COLUMNS.formatted("irqchip", "path", "guest", "", "taken", "coal", "lost", "p50 us", "p99 us",
                "exits", "kvm+"));
        for (Row row : comparison.rows()) {
            switch (row) {
                case Row.Ran ran -> ran(ran.routeCase(), ran.report());
                case Row.Unsupported(RouteCase routeCase, String reason) ->
                    didNotRun(routeCase, style.warning("unsupported"), reason);
                case Row.HostFailed(RouteCase routeCase, String reason) ->
                    didNotRun(routeCase, style.bad("host failed"), reason);
            }
        }
        page.line("");
        LEGEND.forEach(line -> page.line("  " + line));
        remarks.forEach(remark -> page.folded("  ", remark));
        page.line("");
        if (comparison.outcome() == Outcome.TAKEN) {
            page.line("  " + style.good("Every path took all of its interrupts."));
        }
        return page.toString();
    }

    private void ran(RouteCase routeCase, RunReport report) {
        Ledger ledger = report.ledger();
        Optional<Latency> latency = report.interrupts().summary();
        page.line(COLUMNS.formatted(routeCase.irqchip(), routeCase.pathLabel(), guest(routeCase),
                routeCase.trigger(), ledger.taken(), ledger.coalesced(), ledger.lost(),
                micros(latency.map(Latency::p50)), micros(latency.map(Latency::p99)), exits(report),
                surplus(report)));
        report.reason().ifPresent(reason -> remark(routeCase, reason));
    }

    private void didNotRun(RouteCase routeCase, String what, String reason) {
        page.line("  %-9s %-11s %-8s %-5s %s".formatted(routeCase.irqchip(), routeCase.pathLabel(),
                guest(routeCase), routeCase.trigger(), what));
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

    private void remark(RouteCase routeCase, String what) {
        remarks.add("%s, %s, %s, %s: %s".formatted(routeCase.irqchip(), routeCase.pathLabel(), guest(routeCase),
                routeCase.trigger(), what));
    }

    private static String micros(Optional<Long> nanos) {
        return nanos.map(Micros::of).orElse("-");
    }
}
