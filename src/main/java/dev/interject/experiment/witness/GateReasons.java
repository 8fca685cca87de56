package dev.interject.experiment.witness;

import java.util.Optional;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.route.ResolvedInjection;

/** Why the gates refuse or keep an interrupt, in words. The texts begin with a colon, or are empty. */
final class GateReasons {

    private GateReasons() {}

    /**
     * Requires that an interrupt may be injected.
     *
     * @throws EndedEarlyException if it is for several vCPUs, if there is no such line, or if it would break the guest
     *                             and is not forced
     */
    static void requireAllowed(ResolvedInjection target, GatePath gates, boolean isForced) {
        Optional<String> forAll = gates.targetVcpus().vcpus().size() > 1
                ? Optional.of("each interrupt is for %s: an image gets interrupts for one vCPU here"
                        .formatted(gates.targetVcpus()))
                : target.refusalOfLine();
        Optional<String> refusal = forAll.or(() -> isForced ? Optional.empty()
                : gates.firstThatForbids().map(gate -> EndingExplainer.describe(gate) + advice(gate)));
        if (refusal.isPresent()) {
            throw new EndedEarlyException(Outcome.REFUSED, refusal.get());
        }
    }

    private static String advice(Gate gate) {
        return gate.verdict() == Verdict.NOT_NOW ? "; a run can wait until the guest is open" : "";
    }

    /** What would happen to another one that is not taken. */
    static String wouldBe(GatePath gates) {
        Prediction prediction = gates.prediction();
        return prediction.because()
                .map(gate -> ": it %s at %s".formatted(prediction.fate().words(), EndingExplainer.describe(gate)))
                .orElse("");
    }

    /** What holds one that waits. */
    static String held(GatePath gates) {
        return gates.holder().map(gate -> ": held at " + EndingExplainer.describe(gate)).orElse("");
    }

    /** Why one was not accepted, or was merged. */
    static String notAccepted(GatePath gates) {
        return gates.predictionWhenRunning()
                .because()
                .map(gate -> ": " + EndingExplainer.describe(gate))
                .orElse(": a device of the guest had raised the same request just before");
    }
}
