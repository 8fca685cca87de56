package dev.interject.cli.explain;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.WordWrap;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Explanation;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;

/** An explanation as text, 80 columns wide: one line for each gate; below a gate that is not open, its meaning. */
final class ExplainText {

    private static final int WIDTH = 80;
    private static final String INDENT = " ".repeat(13);

    private final Style style;
    private final boolean verbose;
    private final boolean dump;
    private final StringBuilder text = new StringBuilder();

    ExplainText(Style style, boolean verbose, boolean dump) {
        this.style = style;
        this.verbose = verbose;
        this.dump = dump;
    }

    String render(ExplainReport report) {
        report.explanation().ifPresent(this::explanation);
        return text.toString();
    }

    private void explanation(Explanation explanation) {
        heading(explanation);
        line("");
        Prediction prediction = explanation.prediction();
        for (Gate gate : explanation.gates().gates()) {
            gate(gate, prediction.because().filter(first -> first == gate).isPresent());
        }
        line("");
        String vector = explanation.gates().leadsToAVector()
                ? " at vector 0x%02x".formatted(explanation.gates().vector())
                : "";
        if (prediction.fate() == Prediction.Fate.TAKEN) {
            line("  " + style.good("The interrupt would be taken" + vector + "."));
        } else {
            line("  " + style.bold("The interrupt " + prediction.fate().words() + "."));
            prediction.because().ifPresent(gate -> folded("  ", "To open " + gate.place() + ": " + gate.fix() + "."));
        }
        explanation.departures().forEach(note -> {
            line("");
            folded("  ", style.warning(note) + ".");
        });
        if (dump) {
            new StateText(text, style).dump(explanation.state());
        }
    }

    private void heading(Explanation explanation) {
        var run = explanation.plan().run();
        line("");
        line("  " + style.bold("guest %s, irqchip %s, path %s (%s), %s".formatted(run.effectiveGuest(),
                explanation.state().irqchip(), run.effectivePath(),
                run.effectivePath().request(explanation.state().irqchip()), run.trigger())));
        String line = explanation.line().isPresent() ? "line %d, ".formatted(explanation.line().getAsInt()) : "";
        String vector = explanation.gates().leadsToAVector()
                ? "vector 0x%02x".formatted(explanation.gates().vector())
                : "no vector";
        line("  " + line + vector + explanation.handler().map(handler -> ", handler at " + handler).orElse(""));
        line("  the guest is at " + explanation.position());
    }

    private void gate(Gate gate, boolean decides) {
        String verdict = switch (gate.verdict()) {
            case OPEN -> style.good("open   ");
            case COALESCES -> style.warning("merges ");
            case HOLDS -> style.warning("holds  ");
            case DROPS -> style.warning("drops  ");
            case NOT_NOW -> style.bad("not now");
            case MISROUTED, NOT_PORTABLE, BREAKS -> style.bad("no     ");
        };
        line("  %s %s  %-27s %s".formatted(decides ? ">" : " ", verdict, gate.place(), gate.evidence()));
        if (!gate.isOpen()) {
            folded(INDENT, gate.meaning());
            folded(INDENT, "to open it: " + gate.fix());
        }
        if (verbose || !gate.isOpen()) {
            folded(INDENT, style.faint("see: " + gate.kind().reference()));
        }
    }

    private void folded(String indent, String content) {
        WordWrap.fold(content, WIDTH - indent.length()).forEach(part -> line(indent + part));
    }

    private void line(String content) {
        text.append(content).append('\n');
    }
}
