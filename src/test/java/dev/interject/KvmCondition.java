package dev.interject;

import java.util.Optional;

import dev.interject.kvm.Kvm;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The condition of {@link RequiresKvm}: whether {@code /dev/kvm} opens. It is checked once per JVM. */
final class KvmCondition implements ExecutionCondition {

    private static final Requirement KVM = new Requirement(Kvm.DEVICE, "INTERJECT_REQUIRE_KVM", tryToOpen());

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
        return KVM.evaluate();
    }
}
