package dev.interject;

import java.util.Optional;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/**
 * Something of the host that tests need.
 *
 * @param name     what it is
 * @param variable the environment variable that forbids skipping if it is {@code 1}
 * @param trouble  why it cannot be used; empty if it can
 */
public record Requirement(String name, String variable, Optional<String> trouble) {

    /**
     * Whether a test that needs it should run.
     *
     * @throws IllegalStateException instead of a skip, if skipping is not allowed: JUnit counts it as the test's
     *                               failure, before any of the test's own code runs
     */
    public ConditionEvaluationResult evaluate() {
        return evaluate("1".equals(System.getenv(variable)));
    }

    ConditionEvaluationResult evaluate(boolean required) {
        if (trouble.isEmpty()) {
            return ConditionEvaluationResult.enabled(name + " is there");
        }
        if (required) {
            throw new IllegalStateException(trouble.get() + ", and " + variable + "=1 forbids to skip");
        }
        return ConditionEvaluationResult.disabled(trouble.get());
    }
}
