package dev.interject.cli.run;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import dev.interject.cli.output.Micros;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.Latency;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.RunReport;
import dev.interject.guest.CausedEvent;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Verdict;

/** A run's report for people, 80 columns wide. */
final class RunText {

    private static final String MEANING_INDENT = " ".repeat(13);
    private static final int SHOWN_AT_MOST = 20;
    private static final int FIRST_FREE_VECTOR = 32;

    private final Style style;
    private final boolean verbose;
    private final TextPage page;

    RunText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
        this.page = new TextPage(style);
    }

    String render(RunReport report) {
        heading(report);
        report.remarks().warnings().forEach(warning -> page.folded("  ", "warning: " + warning, style::warning));
        report.gates().before().ifPresent(path -> {
            page.section("Gates checked before the first interrupt");
            path.gates().forEach(this::gate);
        });
        if (report.interrupts().size() > 0) {
            page.section("Interrupts");
            interrupts(report);
        }
        report.remarks().notes().forEach(note -> page.folded("    ", note, style::warning));
        ledger(report);
        caused(report.observed().caused());
        handlers(report);
        report.interrupts().summary().ifPresent(latency -> latency(report, latency));
        if (!report.observed().counters().rises().isEmpty()) {
            page.section("KVM counters");
            String counted = report.observed()
                    .counters()
                    .rises()
                    .entrySet()
                    .stream()
                    .filter(rise -> rise.getValue() != 0)
                    .map(rise -> "%s %,d".formatted(rise.getKey(), rise.getValue()))
                    .collect(Collectors.joining(", "));
            page.folded("    ", counted.isEmpty() ? "nothing" : counted);
        }
        report.gates().after().ifPresent(this::closedGates);
        report.observed().position().ifPresent(position -> {
            page.section("Guest position");
            page.line("    " + position);
        });
        page.line("");
        if (report.outcome() == Outcome.TAKEN) {
            long taken = report.ledger().taken();
            page.line("  " + style
                    .good(taken == 1 ? "The interrupt was taken." : "All %,d interrupts were taken.".formatted(taken)));
        }
        return page.toString();
    }

    private void heading(RunReport report) {
        page.line("");
        page.line("  " + style.bold(report.request().describe(report.irqchip())));
        String vector =
                report.target().vector().isPresent() ? "vector 0x%02x".formatted(report.target().vector().getAsInt())
                        : "";
        if (report.target().lines().size() > 1) {
            page.line(
                    "  lines " + report.target().lines().stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + ", one after the other"
                            + (vector.isEmpty() ? "" : "; the first arrives at " + vector));
        } else if (report.line(0).isPresent()) {
            int number = report.line(0).getAsInt();
            String use = IsaLine.exists(number) ? " (" + IsaLine.of(number).use() + ")" : "";
            page.line("  line " + number + use + (vector.isEmpty() ? "" : ", arrives at " + vector));
        } else if (!vector.isEmpty()) {
            page.line("  " + vector + (report.request().interrupt().vector().isPresent() ? ", given by number" : ""));
        }
        if (report.request().vcpus() > 1) {
            page.line("  %d vCPUs, target vCPU %d".formatted(report.request().vcpus(), report.target().vcpu()));
            report.gates()
                    .before()
                    .map(GatePath::targetVcpus)
                    .filter(takers -> takers.vcpus().size() > 1)
                    .ifPresent(
                            takers -> page.folded("  ", "each interrupt is for %s".formatted(takers)));
        }
        page.settings(report.request().settings());
        Pace pace = report.request().pace();
        if (pace.isStorm()) {
            page.line("  %s by %s%s".formatted(
                    pace.burst() > 1 ? "bursts of %,d".formatted(pace.burst()) : "one at a time",
                    pace.threads() > 1 ? pace.threads() + " threads" : "one thread",
                    pace.rate().isPresent() ? ", %,d a second".formatted(pace.rate().getAsInt()) : ""));
        }
    }

    /** The gates that hold the remaining interrupts; nothing if all gates are open now. */
    private void closedGates(GatePath path) {
        List<Gate> closed = path.gates().stream().filter(gate -> !gate.isOpen()).toList();
        if (!closed.isEmpty()) {
            page.section("Gates not open at the end");
            for (Gate gate : closed) {
                gate(gate);
                page.folded(MEANING_INDENT, "fix: " + gate.fix(), style::faint);
            }
        }
    }

    private void gate(Gate gate) {
        page.gate("    ", gate);
        if (gate.verdict() != Verdict.OPEN) {
            page.folded(MEANING_INDENT, gate.meaning(), style::faint);
        }
        if (!gate.departure().isEmpty()) {
            page.folded(MEANING_INDENT, gate.departure(), style::faint);
        }
    }

    private void interrupts(RunReport report) {
        InterruptLog log = report.interrupts();
        boolean severalLines = report.target().lines().size() > 1;
        int shown = verbose ? log.size() : Math.min(log.size(), SHOWN_AT_MOST);
        for (int i = 0; i < shown; i++) {
            String line = severalLines ? "line %-4d ".formatted(report.line(i).getAsInt()) : "";
            page.line("    #%-8d %s%-11s %s".formatted(i + 1, line, status(log.status(i)),
                    log.isTaken(i) ? style.good("taken") + after(log, i) + by(log, i) : style.bad("not taken")));
        }
        if (shown < log.size()) {
            page.line("    and %,d more (--verbose shows all)".formatted(log.size() - shown));
        }
    }

    private static String status(OptionalInt status) {
        return status.isPresent() ? "status " + status.getAsInt() : "no status";
    }

    private static String after(InterruptLog log, int index) {
        return log.isTimed(index) ? "  after " + Micros.withUnit(log.latency(index)) : "";
    }

    private static String by(InterruptLog log, int index) {
        return log.witness(index).map(other -> "  seen by " + other.words()).orElse("");
    }

    private void ledger(RunReport report) {
        page.section("Ledger");
        equations(report.ledger());
        if (report.request().isImage() && report.ledger().taken() > 0) {
            page.line("    taken: seen by " + report.observed().witness().words());
        }
        if (report.account().byVcpu().size() > 1) {
            report.account().byVcpu().forEach((vcpu, ledger) -> row("vCPU " + vcpu, ledger));
        }
        report.account().byLine().forEach((number, ledger) -> row("line " + number, ledger));
    }

    private void equations(Ledger ledger) {
        page.line("    requested %,d = refused %,d + accepted %,d".formatted(ledger.requested(), ledger.refused(),
                ledger.accepted()));
        page.line("    accepted %,d = taken %,d + coalesced %,d + held %,d + %s%s".formatted(ledger.accepted(),
                ledger.taken(), ledger.coalesced(), ledger.held(),
                ledger.unknown() == 0 ? "" : style.bad("unknown %,d".formatted(ledger.unknown())) + " + ",
                lost(ledger)));
    }

    private void row(String who, Ledger ledger) {
        page.line("    %s: requested %,d, taken %,d, coalesced %,d, held %,d, %s".formatted(who, ledger.requested(),
                ledger.taken(), ledger.coalesced(), ledger.held(), lost(ledger)));
    }

    private String lost(Ledger ledger) {
        String lost = "lost %,d".formatted(ledger.lost());
        return (ledger.lost() == 0 ? lost : style.bad(lost))
                + (ledger.extra() == 0 ? "" : "; " + style.bad("extra %,d".formatted(ledger.extra())));
    }

    private void caused(List<CausedEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        page.section("Events caused by the guest");
        for (CausedEvent event : events) {
            String name = event.vector() < FIRST_FREE_VECTOR ? CpuException.mnemonic(event.vector()) : "int n";
            page.line("    vector 0x%02x  %-5s from ring %d, error code 0x%x, returns to 0x%x".formatted(event.vector(),
                    name,
                    event.ring(), event.errorCode(), event.rip()));
        }
    }

    /** Only if other handlers ran than the expected one. */
    private void handlers(RunReport report) {
        if (report.observed().handlers().size() < 2) {
            return;
        }
        page.section("Handlers that ran");
        String counts = report.observed()
                .handlers()
                .entrySet()
                .stream()
                .map(entry -> "0x%02x%s %,d".formatted(entry.getKey(),
                        entry.getKey() < FIRST_FREE_VECTOR ? " (" + CpuException.mnemonic(entry.getKey()) + ")" : "",
                        entry.getValue()))
                .collect(Collectors.joining(", "));
        page.folded("    ", counts);
    }

    private void latency(RunReport report, Latency latency) {
        page.section(report.path().isTimer() ? "From when a tick was due to its handler"
                : report.request().isImage() ? "From injection to the handler" : "From injection to acknowledgement");
        page.line("    median %s, p99 %s, max %s".formatted(Micros.withUnit(latency.p50()),
                Micros.withUnit(latency.p99()),
                Micros.withUnit(latency.max())));
    }
}
