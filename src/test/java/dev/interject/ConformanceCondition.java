package dev.interject;

import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The condition of {@link RequiresConformance}: every probe finds its rule kept. They run once in a JVM. */
final class ConformanceCondition implements ExecutionCondition {

    /** Evaluated only where {@code /dev/kvm} opens. */
    private static final class Host {

        static final Requirement CONFORMANCE =
                new Requirement("a KVM that follows the manuals", "INTERJECT_REQUIRE_CONFORMANCE", firstDeparture());

        private static Optional<String> firstDeparture() {
            return Stream.of(ConformanceProbe.values())
                    .flatMap(probe -> departure(probe, probe.probe()).stream())
                    .findFirst();
        }

        private static Optional<String> departure(ConformanceProbe probe, Finding finding) {
            return finding instanceof Finding.Kept
                    ? Optional.empty()
                    : Optional.of("%s: %s: %s".formatted(probe.title(), finding.label(), finding.evidence()));
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        ConditionEvaluationResult kvm = new KvmCondition().evaluateExecutionCondition(context);
        return kvm.isDisabled() ? kvm : Host.CONFORMANCE.evaluate();
    }
}
