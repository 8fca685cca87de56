package dev.interject.container;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.github.dockerjava.api.model.Device;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** A container of the {@link Debian} image, with {@code /dev/kvm} and what {@code scripts/package} made. */
final class DebianContainer extends GenericContainer<DebianContainer> {

    /** The folder with the packages; none is installed. */
    static final String PACKAGES = "/packages";

    /** The result of a command. */
    record Result(int exitCode, String out, String err) {}

    DebianContainer(Debian image, Packages packages) {
        super(image.name());
        withImagePullPolicy(_ -> false);
        withNetworkMode("none");
        withCommand("sleep", "infinity");
        withCreateContainerCmdModifier(
                command -> command.getHostConfig().withDevices(new Device("rwm", "/dev/kvm", "/dev/kvm")));
        withCopyFileToContainer(MountableFile.forHostPath(packages.directory()), PACKAGES);
    }

    /** Runs a bash command in the container. */
    Result run(String command) {
        try {
            ExecResult result = execInContainer("bash", "-c", command);
            return new Result(result.getExitCode(), result.getStdout(), result.getStderr());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
