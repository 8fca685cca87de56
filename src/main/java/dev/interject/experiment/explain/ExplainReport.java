package dev.interject.experiment.explain;

import java.util.Optional;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.interrupt.gate.Prediction;

/**
 * The result of an explanation.
 *
 * @param ending      whether the interrupt would be taken, or why there is no explanation
 * @param explanation empty if the guest did not reach the point, or the plan was refused
 */
public record ExplainReport(ExplainPlan plan, Ending ending, Optional<Explanation> explanation) implements Report {

    static ExplainReport of(Explanation explanation) {
        return new ExplainReport(explanation.plan(), ending(explanation), Optional.of(explanation));
    }

    /** An interrupt that is taken may still be one that a run refuses: no other machine would take it. */
    private static Ending ending(Explanation explanation) {
        Prediction prediction = explanation.prediction();
        if (prediction.fate() != Prediction.Fate.TAKEN) {
            return Ending.of(Outcome.NOT_TAKEN, "the interrupt %s at %s".formatted(prediction.fate().words(),
                    EndingExplainer.describe(prediction.because().orElseThrow())));
        }
        return explanation.gates()
                .firstThatForbids()
                .map(gate -> Ending.of(Outcome.REFUSED, EndingExplainer.describe(gate)))
                .orElseGet(Ending::allTaken);
    }

    static ExplainReport without(ExplainPlan plan, Ending ending) {
        return new ExplainReport(plan, ending, Optional.empty());
    }

    /**
     * A report that the host is unsupported or has failed.
     *
     * @param reason names the call and its errno, or the missing capability
     */
    public static ExplainReport hostUnable(ExplainPlan plan, String reason) {
        return without(plan, Ending.of(Outcome.HOST_UNABLE, reason));
    }
}
