package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;

/**
 * The result of an explanation.
 *
 * @param ending      whether the interrupt would be taken, or why there is no explanation
 * @param explanation empty if the guest did not reach the point, or the plan was refused
 */
public record ExplainReport(ExplainedInterrupt interrupt, Ending ending,
        Optional<Explanation> explanation) implements Report {

    static ExplainReport of(Explanation explanation) {
        return new ExplainReport(explanation.interrupt(), ending(explanation), Optional.of(explanation));
    }

    /** An interrupt that is taken may still be one that a run refuses: no other machine would take it. */
    private static Ending ending(Explanation explanation) {
        Prediction prediction = explanation.prediction();
        if (prediction.fate() != Prediction.Fate.TAKEN) {
            return Ending.of(Outcome.NOT_TAKEN, "the interrupt " + held(prediction));
        }
        return explanation.gates()
                .firstThatForbids()
                .map(gate -> Ending.of(Outcome.REFUSED, EndingExplainer.describe(gate)))
                .orElseGet(Ending::allTaken);
    }

    /** What an interrupt that is not taken does, and at which gate. */
    private static String held(Prediction prediction) {
        String unknown = prediction.hingesOn().stream().map(Gate::place).distinct().collect(Collectors.joining("; "));
        if (prediction.fate() == Prediction.Fate.UNKNOWN) {
            return "%s: %s".formatted(prediction.fate().words(), unknown);
        }
        return "%s at %s%s".formatted(prediction.fate().words(),
                EndingExplainer.describe(prediction.because().orElseThrow()),
                prediction.heldBy().map(gate -> "; the pending one is held at " + gate.place()).orElse("")
                        + (unknown.isEmpty() ? "" : "; not known: " + unknown));
    }

    /** A guest that did not come to the moment, as it was when the time was up. */
    static ExplainReport late(Explanation explanation, Function<String, Ending> ending) {
        Prediction prediction = explanation.prediction();
        String why = prediction.fate() == Prediction.Fate.TAKEN ? "" : ": it " + held(prediction);
        return new ExplainReport(explanation.interrupt(), ending.apply(why), Optional.of(explanation));
    }

    static ExplainReport without(ExplainedInterrupt interrupt, Ending ending) {
        return new ExplainReport(interrupt, ending, Optional.empty());
    }

    /**
     * A report that the host is unsupported or has failed.
     *
     * @param reason names the call and its errno, or the missing capability
     */
    public static ExplainReport hostUnable(ExplainedInterrupt interrupt, String reason) {
        return without(interrupt, Ending.of(Outcome.HOST_UNABLE, reason));
    }
}
