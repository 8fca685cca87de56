package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import com.github.dockerjava.api.model.Ulimit;
import dev.interject.RequiresKvm;
import dev.interject.cli.Json;
import dev.interject.container.InterjectContainer.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container can lack: exit code 3, and a fix for containers. */
@RequiresDocker
@RequiresKvm
class HostInContainerIT {

    private static void assertThatHostCannot(Result result, String message, String fix) {
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).containsExactly("interject: " + message, "  fix: " + fix);
    }

    @Test
    void missingDevice_hasTheFixToPassIt(Image image) {
        assertThatHostCannot(new InterjectContainer(image, "run").run(),
                "open /dev/kvm: ENOENT (No such file or directory)",
                "in a container: docker run --device /dev/kvm (interject doctor shows other fixes)");
    }

    @Test
    void noDevice_isAnOutcomeInJson(Image image) {
        Result result = new InterjectContainer(image, "run --output json").run();

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Json.parseObject(result.out())).containsEntry("outcome", "host-unable");
    }

    @Test
    void noDevice_endsCompareAndExplainToo(Image image) {
        assertThat(new InterjectContainer(image, "compare").run().exitCode()).isEqualTo(3);
        assertThat(new InterjectContainer(image, "explain").run().exitCode()).isEqualTo(3);
    }

    @Test
    void missingPermission_hasTheFixToAddTheGroup(Image image, @TempDir Path directory) throws IOException {
        DeviceNode node = DeviceNode.in(directory);

        assertThatHostCannot(new InterjectContainer(image, "run").withDevice(node.path(), "rw").asUser(1000).run(),
                "open /dev/kvm: EACCES (Permission denied)",
                "in a container: docker run --device /dev/kvm --group-add %d (interject doctor shows other fixes)"
                        .formatted(node.group()));
    }

    @Test
    void readOnlyDevice_hasTheFixToMakeItWritable(Image image) {
        assertThatHostCannot(new InterjectContainer(image, "run").withDevice(Path.of("/dev/kvm"), "r").run(),
                "open /dev/kvm: EPERM (Operation not permitted)",
                "in a container: docker run --device /dev/kvm:rw (interject doctor shows other fixes)");
    }

    @Test
    void otherDeviceInItsPlace_isReported(Image image) {
        assertThatHostCannot(new InterjectContainer(image, "run").withDevice(Path.of("/dev/null"), "rw").run(),
                "/dev/kvm is not KVM: character device 1:3, not character device 10:232; KVM_GET_API_VERSION: ENOTTY"
                        + " (Inappropriate ioctl for device)",
                "in a container: docker run --device /dev/kvm, not -v /dev/kvm");
    }

    /** The machine exists by then, so that a report of it comes before the error. */
    @Test
    void noPendingSignals_hasTheFixToRaiseTheLimit(Image image) {
        Result result = InterjectContainer.withKvm(image, "run")
                .with(host -> host.withUlimits(new Ulimit[]{new Ulimit("sigpending", 0L, 0L)}))
                .run();

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errLines()).containsExactly("interject: tgkill: EAGAIN (Resource temporarily unavailable)",
                "  fix: in a container: docker run --ulimit sigpending=1024 (the quota of pending signals is used up)");
    }
}
