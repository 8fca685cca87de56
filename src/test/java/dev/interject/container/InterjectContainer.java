package dev.interject.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import dev.interject.Hang;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;

/**
 * Interject in its own container, with the fewest rights possible: {@code --read-only --network none
 * --cap-drop ALL --security-opt no-new-privileges}. It has no device unless it is given one.
 */
final class InterjectContainer extends GenericContainer<InterjectContainer> {

    /** The result of a container. */
    record Result(int exitCode, String out, String err, Instant startedAt, Instant finishedAt) {

        List<String> errLines() {
            return err.lines().toList();
        }
    }

    /** @param line the program's arguments, separated by spaces */
    InterjectContainer(Image image, String line) {
        super(image.name());
        withImagePullPolicy(_ -> false);
        withCommand(line.split(" "));
        withNetworkMode("none");
        withStartupCheckStrategy(new HasBeenStarted());
        with(host -> host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges")));
    }

    /** With the host's device, as root: {@code --device /dev/kvm}. */
    static InterjectContainer withKvm(Image image, String line) {
        return new InterjectContainer(image, line).withDevice(Path.of("/dev/kvm"), "rwm");
    }

    InterjectContainer with(Consumer<HostConfig> limits) {
        return withCreateContainerCmdModifier(command -> limits.accept(command.getHostConfig()));
    }

    /** With this node of the host as /dev/kvm, with the permissions of the container's device rules. */
    InterjectContainer withDevice(Path node, String permissions) {
        return with(host -> host.withDevices(new Device(permissions, "/dev/kvm", node.toString())));
    }

    /** {@code --user}: a number, since the image has only the names root and nobody. */
    InterjectContainer asUser(long user) {
        return withCreateContainerCmdModifier(command -> command.withUser(Long.toString(user)));
    }

    InterjectContainer withGroup(long group) {
        return with(host -> host.withGroupAdd(List.of(Long.toString(group))));
    }

    /** Starts it, waits for its end, and removes it. */
    Result run() {
        try (this) {
            start();
            return result();
        }
    }

    /** Waits for its end. */
    Result result() {
        int exitCode = dockerClient.waitContainerCmd(getContainerId())
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(Hang.AFTER.toSeconds(), TimeUnit.SECONDS);
        ContainerState state = state();
        return new Result(exitCode, getLogs(OutputType.STDOUT), getLogs(OutputType.STDERR),
                Instant.parse(state.getStartedAt()), Instant.parse(state.getFinishedAt()));
    }

    /** Sends its first process a signal, as Ctrl-C in {@code docker run -it} does. */
    void signal(String signal) {
        dockerClient.killContainerCmd(getContainerId()).withSignal(signal).exec();
    }

    /** {@code docker stop}: SIGTERM, and SIGKILL after ten seconds. */
    void askToStop() {
        dockerClient.stopContainerCmd(getContainerId()).withTimeout(10).exec();
    }

    /** Waits until a vCPU's thread has started, and then a while for the run to progress. */
    void awaitVcpu() throws InterruptedException {
        Hang.orUntil(() -> threads().anyMatch("vcpu-0"::equals));
        Thread.sleep(300);
    }

    private Stream<String> threads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + state().getPidLong() + "/task"))) {
            return tasks.map(InterjectContainer::name).toList().stream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"), StandardCharsets.US_ASCII).strip();
        } catch (IOException gone) {
            return ""; // a thread may end while we look
        }
    }

    private ContainerState state() {
        return dockerClient.inspectContainerCmd(getContainerId()).exec().getState();
    }

    /** Trusts Docker that it was started: a short run may already have ended. */
    private static final class HasBeenStarted extends StartupCheckStrategy {

        @Override
        public boolean waitUntilStartupSuccessful(DockerClient client, String container) {
            return true;
        }

        @Override
        public StartupStatus checkStartupState(DockerClient client, String container) {
            return StartupStatus.SUCCESSFUL;
        }
    }
}
