package dev.interject;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** The condition of {@link RequiresConformance}: each of its probes finds its rule kept. A probe runs once in a JVM. */
final class ConformanceCondition implements ExecutionCondition {

    /** Filled only where {@code /dev/kvm} opens. */
    private static final Map<ConformanceProbe, Finding> FINDINGS = new EnumMap<>(ConformanceProbe.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        ConditionEvaluationResult kvm = new KvmCondition().evaluateExecutionCondition(context);
        Optional<RequiresConformance> required =
                AnnotationSupport.findAnnotation(context.getElement(), RequiresConformance.class);
        if (kvm.isDisabled() || required.isEmpty()) {
            return kvm;
        }
        Optional<String> departure =
                Stream.of(required.get().value()).flatMap(probe -> departure(probe).stream()).findFirst();
        return new Requirement("a KVM that follows the manuals", "INTERJECT_REQUIRE_CONFORMANCE", departure).evaluate();
    }

    private static Optional<String> departure(ConformanceProbe probe) {
        Finding finding;
        synchronized (FINDINGS) {
            finding = FINDINGS.computeIfAbsent(probe, ConformanceProbe::probe);
        }
        return finding instanceof Finding.Kept
                ? Optional.empty()
                : Optional.of("%s: %s: %s".formatted(probe.title(), finding.label(), finding.evidence()));
    }
}
