package dev.interject;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The condition of {@link RequiresQemu}: whether the program is on the PATH. */
final class QemuCondition implements ExecutionCondition {

    private static final String PROGRAM = "qemu-system-x86_64";
    private static final Requirement QEMU = new Requirement("QEMU", "INTERJECT_REQUIRE_QEMU", missing());

    private static Optional<String> missing() {
        boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
        return isThere ? Optional.empty() : Optional.of(PROGRAM + " is not on the PATH");
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return QEMU.evaluate();
    }
}
