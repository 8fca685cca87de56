package dev.interject;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** The condition of {@link RequiresConformance}: each of its probes finds its rule kept. A probe runs once in a JVM. */
public final class ConformanceCondition implements ExecutionCondition {

    private static final String REQUIRED = "INTERJECT_REQUIRE_CONFORMANCE";
    /** What an emulated host is known not to follow. */
    private static final Set<String> MAY_DEPART =
            Set.of(Optional.ofNullable(System.getenv("INTERJECT_MAY_DEPART")).orElse("").split(","));

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
        Optional<ConformanceProbe> departing =
                Stream.of(required.get().value()).filter(probe -> departure(probe).isPresent()).findFirst();
        boolean mustFollow = "1".equals(System.getenv(REQUIRED))
                && departing.filter(probe -> !mayDepart(probe)).isPresent();
        return new Requirement("a KVM that follows the manuals", REQUIRED,
                departing.flatMap(ConformanceCondition::departure)).evaluate(mustFollow);
    }

    /** Whether a host is known not to follow the rule of a probe ({@code INTERJECT_MAY_DEPART}). */
    public static boolean mayDepart(ConformanceProbe probe) {
        return MAY_DEPART.contains(probe.label());
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
