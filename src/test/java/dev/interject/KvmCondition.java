package dev.interject;

import java.util.Optional;

import dev.interject.kvm.Kvm;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What {@link RequiresKvm} asks: does {@code /dev/kvm} open? It is tried once in a JVM. */
final class KvmCondition implements ExecutionCondition {

    private static final String REQUIRE = "INTERJECT_REQUIRE_KVM";
    private static final Optional<String> TROUBLE = tryToOpen();

    private static Optional<String> tryToOpen() {
        try {
            Kvm.open().close();
            return Optional.empty();
        } catch (SystemCallException failed) {
            return Optional.of(failed.getMessage());
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return evaluate(TROUBLE, "1".equals(System.getenv(REQUIRE)));
    }

    /**
     * Says whether a test is to run.
     *
     * @param trouble  why /dev/kvm does not open; empty where it does
     * @param required whether a skip is not acceptable
     * @throws IllegalStateException instead of a skip, where one is not acceptable: JUnit counts it as the test's
     *                               failure, before any of the test's own code runs
     */
    static ConditionEvaluationResult evaluate(Optional<String> trouble, boolean required) {
        if (trouble.isEmpty()) {
            return ConditionEvaluationResult.enabled(Kvm.DEVICE + " opens");
        }
        if (required) {
            throw new IllegalStateException(trouble.get() + ", and " + REQUIRE + "=1 forbids to skip");
        }
        return ConditionEvaluationResult.disabled(trouble.get());
    }
}
