package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;

import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;

/**
 * An explanation that differs from the one before.
 *
 * @param report the new one
 * @param gates  those whose verdict has changed, with what they show; empty for the first explanation
 */
public record ExplainChange(ExplainReport report, List<String> gates) {

    public ExplainChange {
        gates = List.copyOf(gates);
    }

    static ExplainChange first(ExplainReport report) {
        return new ExplainChange(report, List.of());
    }

    /** What has changed from one report to the next. */
    static ExplainChange between(ExplainReport before, ExplainReport after) {
        List<Gate> old = gates(before);
        List<Gate> now = gates(after);
        List<String> changed = new ArrayList<>();
        for (Gate gate : now) {
            List<Gate> same = old.stream().filter(other -> other.place().equals(gate.place())).toList();
            if (same.stream().noneMatch(other -> other.verdict() == gate.verdict())) {
                changed.add(same.isEmpty() ? "%s: %s".formatted(gate.place(), shown(gate))
                        : "%s: %s, was %s".formatted(gate.place(), shown(gate), shown(same.getFirst())));
            }
        }
        old.stream()
                .filter(gate -> now.stream().noneMatch(other -> other.place().equals(gate.place())))
                .forEach(gate -> changed.add("%s: not met any more, was %s".formatted(gate.place(), shown(gate))));
        return new ExplainChange(after, changed);
    }

    private static List<Gate> gates(ExplainReport report) {
        return report.explanation().map(explanation -> explanation.gates().gates()).orElse(List.of());
    }

    private static String shown(Gate gate) {
        return gate.evidence().isEmpty() ? gate.verdict().label()
                : "%s (%s)".formatted(gate.verdict().label(),
                        gate.evidence());
    }

    /** Whether both predict the same, for the same reason. */
    static boolean isSame(ExplainReport one, ExplainReport other) {
        return verdict(one).equals(verdict(other));
    }

    private static List<Object> verdict(ExplainReport report) {
        return report.explanation().map(explanation -> {
            Prediction prediction = explanation.prediction();
            return List.<Object>of(prediction.fate(), prediction.because().map(Gate::place),
                    prediction.heldBy().map(Gate::place), prediction.hingesOn().stream().map(Gate::place).toList(),
                    prediction.arrivals());
        }).orElse(List.of(report.outcome()));
    }
}
