package dev.interject.experiment.explain;

import java.util.Optional;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.interrupt.gate.Prediction;

/**
 * What came of an explanation.
 *
 * @param outcome     whether the interrupt would be taken; or why it did not come to an explanation
 * @param reason      in one line, unless it would be taken
 * @param explanation empty where it did not come to that
 */
public record ExplainReport(ExplainPlan plan, Outcome outcome, Optional<String> reason,
        Optional<Explanation> explanation) implements Report {

    static ExplainReport of(Explanation explanation) {
        Prediction prediction = explanation.prediction();
        boolean taken = prediction.fate() == Prediction.Fate.TAKEN;
        return new ExplainReport(explanation.plan(), taken ? Outcome.TAKEN : Outcome.NOT_TAKEN,
                prediction.because()
                        .map(gate -> "the interrupt %s at %s".formatted(prediction.fate().words(),
                                EndingExplainer.describe(gate))),
                Optional.of(explanation));
    }

    static ExplainReport without(ExplainPlan plan, Ending ending) {
        return new ExplainReport(plan, ending.outcome(), ending.reason(), Optional.empty());
    }

    /** This host made it impossible. */
    public static ExplainReport hostUnable(ExplainPlan plan, String reason) {
        return new ExplainReport(plan, Outcome.HOST_UNABLE, Optional.of(reason), Optional.empty());
    }
}
