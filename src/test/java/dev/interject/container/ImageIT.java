package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.github.dockerjava.api.command.InspectImageResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** The image itself; needs no KVM. */
@RequiresDocker
class ImageIT {

    private static InspectImageResponse inspect(Image image) {
        return DockerClientFactory.instance().client().inspectImageCmd(image.name()).exec();
    }

    @Test
    void image_isSmall(Image image) {
        assertThat(inspect(image).getSize()).isLessThan(80_000_000);
    }

    @Test
    void rebuiltImage_isIdentical(Image image, @TempDir Path directory) {
        assertThat(Image.makeArchive(directory.resolve("again.tar"))).isEqualTo(image.digest()).startsWith("sha256:");
    }

    /** The archive's layer is not compressed, so a search of the archive finds what is in any file. */
    @Test
    void image_containsNoPathOfTheBuildMachine(Image image) throws IOException {
        String archive = Files.readString(Path.of("target/interject-image.tar"), StandardCharsets.ISO_8859_1);

        assertThat(archive.contains(image.digest().substring("sha256:".length()))).isTrue();
        assertThat(archive.contains(Path.of("").toAbsolutePath() + "/")).isFalse();
        assertThat(archive.contains(System.getProperty("java.home"))).isFalse();
    }

    @Test
    void image_isLabelledWithItsCommit(Image image) {
        assertThat(inspect(image).getConfig().getLabels())
                .containsEntry("org.opencontainers.image.title", "interject")
                .containsKeys("org.opencontainers.image.version", "org.opencontainers.image.revision",
                        "org.opencontainers.image.licenses");
    }

    /** The JVM silently ignores a class archive that does not fit. */
    @Test
    void classes_areLoadedFromTheImagesArchive(Image image) {
        InterjectContainer.Result result =
                new InterjectContainer(image, "lines").withEnv("_JAVA_OPTIONS", "-Xlog:class+load").run();

        assertThat(result.out()).contains("dev.interject.cli.Main source: shared objects file");
    }

    @Test
    void help_needsNoDevice(Image image) {
        InterjectContainer.Result result = new InterjectContainer(image, "--help").run();

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("Usage: interject");
    }
}
