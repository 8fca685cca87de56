package dev.interject.experiment.suite.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.interject.cli.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} reads. */
class PreconditionTest {

    @TempDir
    private Path directory;

    @Test
    void precondition_isTheContentOfAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("parameter"), "Y\n");

        assertThat(new Precondition(file, "Y").isMet()).isTrue();
        assertThat(new Precondition(file, "N").isMet()).isFalse();
        assertThat(new Precondition(directory.resolve("none"), "Y").isMet()).isFalse();
        assertThat(new Precondition(directory, "Y").isMet()).isFalse();
        assertThat(new Precondition(Path.of("/proc/sys/kernel/ostype"), "Linux").isMet()).isTrue();
    }

    @Test
    void fileThatDoesNotEndOrIsLarge_meetsNoPrecondition() throws IOException {
        Path pipe = directory.resolve("pipe");
        ChildProcess.run(List.of("mkfifo", pipe.toString()));
        Path large = Files.writeString(directory.resolve("large"), "Y\n");
        try (FileChannel sparse = FileChannel.open(large, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)), 4L << 30);
        }
        Path padded = Files.writeString(directory.resolve("padded"), "Y" + " ".repeat(4096) + "no");

        assertThat(Files.exists(pipe)).isTrue();
        assertThat(List.of(pipe, Path.of("/dev/zero"), Path.of("/proc/kmsg"), large, padded))
                .noneMatch(file -> new Precondition(file, "Y").isMet());
    }
}
