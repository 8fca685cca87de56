package dev.interject.cli.explain;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.explain.ExplainChange;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Explanation;
import dev.interject.experiment.explain.Fault;
import dev.interject.interrupt.gate.Arrival;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;

/** An explanation as text, 80 columns wide: one line for each gate; below a gate that is not open, its meaning. */
final class ExplainText {

    private static final String INDENT = " ".repeat(13);

    private final Style style;
    private final boolean verbose;
    private final boolean dump;
    private final TextPage page;

    ExplainText(Style style, boolean verbose, boolean dump) {
        this.style = style;
        this.verbose = verbose;
        this.dump = dump;
        this.page = new TextPage(style);
    }

    String render(ExplainReport report) {
        report.explanation().ifPresent(this::explanation);
        return page.toString();
    }

    /** A new verdict, and what changed it. */
    String render(ExplainChange change, LocalTime time) {
        String verdict = change.report()
                .explanation()
                .map(Explanation::prediction)
                .map(prediction -> prediction.fate()
                        .words() + prediction.because().map(gate -> " at " + gate.place()).orElse("")
                        + prediction.heldBy().map(gate -> "; the pending one is held at " + gate.place()).orElse(""))
                .orElse("is not known");
        page.line("");
        page.folded("  ", "%s  %s".formatted(time.truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_TIME),
                style.bold("The interrupt " + verdict + ".")));
        change.gates().forEach(gate -> page.folded("    ", gate));
        return page.toString();
    }

    private void explanation(Explanation explanation) {
        heading(explanation);
        page.line("");
        Prediction prediction = explanation.prediction();
        for (Gate gate : explanation.gates().gates()) {
            gate(gate, prediction.because().filter(first -> first == gate).isPresent());
        }
        explanation.gates()
                .main()
                .ifPresent(main -> explanation.gates().others().forEach(branch -> branch(branch, main)));
        page.line("");
        if (prediction.fate() == Prediction.Fate.TAKEN) {
            String where = prediction.arrivals()
                    .stream()
                    .map(arrival -> arrival(arrival, explanation.state().vcpus() > 1))
                    .collect(Collectors.joining(" and "));
            page.folded("  ", style.good("The interrupt would be taken " + where + "."));
        } else {
            page.line("  " + style.bold("The interrupt " + prediction.fate().words() + "."));
            prediction.because()
                    .filter(gate -> !gate.isUnknown())
                    .ifPresent(gate -> page.folded("  ", "To open " + gate.place() + ": " + gate.fix() + "."));
            prediction.heldBy()
                    .ifPresent(gate -> page.folded("  ", "The pending one is held at %s. To open it: %s."
                            .formatted(gate.place(), gate.fix())));
        }
        unknown(prediction);
        Stream.concat(explanation.settingNotes().stream(), explanation.departures().stream()).forEach(note -> {
            page.line("");
            page.folded("  ", style.warning(note) + ".");
        });
        explanation.interrupt().fault().ifPresent(this::command);
        if (dump) {
            new StateText(page).dump(explanation.state());
        }
    }

    private void unknown(Prediction prediction) {
        if (!prediction.hingesOn().isEmpty()) {
            page.folded("  ", "Not known: %s.".formatted(prediction.hingesOn()
                    .stream()
                    .map(Gate::place)
                    .distinct()
                    .collect(Collectors.joining("; "))));
        }
    }

    private static String arrival(Arrival arrival, boolean namesVcpus) {
        String vcpus = arrival.vcpus().stream().map(vcpu -> "vCPU " + vcpu).collect(Collectors.joining(" or "));
        return "at vector 0x%02x".formatted(arrival.vector()) + (namesVcpus ? " on " + vcpus : "");
    }

    /** Where else the interrupt goes, as far as it gets there. */
    private void branch(Branch branch, Branch main) {
        page.line("");
        boolean isSame = branch.to().group() == main.to().group();
        page.line("  %s: it %s there".formatted(isSame
                ? "%s vCPU %d".formatted(branch.to().isRival() ? "or to" : "also to", branch.to().vcpu())
                : "also routed to %s%s".formatted(branch.input(),
                        branch.vector() < 0 ? "" : ", vector 0x%02x".formatted(branch.vector())),
                branch.prediction().fate().words()));
        for (Gate gate : branch.reachedGates()) {
            page.gate("    ", gate);
            if (!gate.departure().isEmpty()) {
                page.folded(INDENT, style.warning(gate.departure()));
            }
        }
    }

    private void command(Fault fault) {
        page.line("");
        FaultOptions.command(fault).ifPresentOrElse(command -> {
            page.line("  The same by options:");
            page.command("    ", command);
        }, () -> page.folded("  ",
                "Options cannot make this situation: it is set up before the interrupts of --after."));
    }

    private void heading(Explanation explanation) {
        page.line("");
        page.line("  " + style.bold(explanation.interrupt().describe(explanation.state())));
        String line = explanation.line().isPresent() ? "line %d, ".formatted(explanation.line().getAsInt()) : "";
        String vector = explanation.gates().leadsToAVector()
                ? "vector 0x%02x".formatted(explanation.gates().vector())
                : explanation.prediction().fate() == Prediction.Fate.UNKNOWN ? "a vector that is not known"
                        : "no vector";
        page.line("  " + line + vector + explanation.handler().map(handler -> ", handler at " + handler).orElse(""));
        page.line("  the guest is at " + explanation.position());
        page.settings(explanation.interrupt().settings());
    }

    private void gate(Gate gate, boolean decides) {
        page.gate(decides ? "  > " : "    ", gate);
        if (!gate.isOpen()) {
            page.folded(INDENT, gate.meaning());
            page.folded(INDENT, (gate.isUnknown() ? "to know it: " : "to open it: ") + gate.fix());
        }
        if (!gate.departure().isEmpty()) {
            page.folded(INDENT, style.warning(gate.departure()));
        }
        if (verbose || !gate.isOpen()) {
            page.folded(INDENT, style.faint("see: " + gate.kind().reference()));
        }
    }
}
