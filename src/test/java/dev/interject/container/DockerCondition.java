package dev.interject.container;

import java.util.List;
import java.util.Optional;

import dev.interject.Requirement;
import dev.interject.cli.ChildProcess;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * The condition of {@link RequiresDocker}: whether Docker can pass {@code /dev/kvm} to a container. It is checked once
 * per JVM.
 */
final class DockerCondition implements ExecutionCondition {

    static final String REQUIRE = "INTERJECT_REQUIRE_DOCKER";

    private static final Requirement DOCKER = new Requirement("Docker", REQUIRE, findTrouble());

    private static Optional<String> findTrouble() {
        // The command as well: scripts/build-image needs it.
        ChildProcess.Result info = ChildProcess
                .run(List.of("sh", "-c", "command -v docker >&2 && docker info --format '{{.SecurityOptions}}'"));
        if (info.exitCode() != 0) {
            return Optional
                    .of("Docker does not answer: " + info.err().lines().reduce("no command docker", (a, b) -> b));
        }
        if (info.out().contains("rootless")) {
            return Optional.of("Docker is rootless here: its containers' groups do not open /dev/kvm");
        }
        return DockerClientFactory.instance().isDockerAvailable()
                ? Optional.empty()
                : Optional.of("docker answers, but not to Testcontainers: set DOCKER_HOST (docker context inspect)");
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return DOCKER.evaluate();
    }
}
