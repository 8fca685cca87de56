package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {

    private static final long BYTES = 0x4000;

    @TempDir
    private Path directory;

    private static boolean isMapped(long address) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps"))
                .stream()
                .map(line -> line.split("[- ]", 3))
                .anyMatch(range -> Long.parseUnsignedLong(range[0], 16) <= address
                        && address < Long.parseUnsignedLong(range[1], 16));
    }

    @Test
    void anonymous_isZeroedMemoryOfTheRequestedSize() {
        try (Mapping mapping = Mapping.anonymous(BYTES)) {
            assertThat(mapping.memory().byteSize()).isEqualTo(BYTES);
            assertThat(mapping.memory().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);

            mapping.memory().set(ValueLayout.JAVA_BYTE, BYTES - 1, (byte) 7);

            assertThat(mapping.memory().get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 7);
        }
    }

    @Test
    void shared_showsAndChangesTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "before");
        try (Fd fd = Fd.openReadWrite(file.toString()); Mapping mapping = Mapping.shared(fd, 6)) {
            assertThat(mapping.memory().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'b');

            mapping.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 'B');
        }
        assertThat(file).hasContent("Before");
    }

    @Test
    void closed_isUnmapped() throws IOException {
        Mapping mapping = Mapping.anonymous(BYTES);
        long address = mapping.memory().address();
        assertThat(isMapped(address)).isTrue();

        mapping.close();

        assertThat(isMapped(address)).isFalse();
    }

    @Test
    void accessAfterClose_throwsInsteadOfCrashing() {
        Mapping mapping = Mapping.anonymous(BYTES);
        MemorySegment memory = mapping.memory();
        mapping.close();

        assertThatIllegalStateException().isThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
                .withMessage("Already closed");
        assertThatIllegalStateException().isThrownBy(() -> memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
    }

    @Test
    void closedTwice_isHarmless() {
        Mapping mapping = Mapping.anonymous(BYTES);

        MemorySegment memory = mapping.memory();

        mapping.close();
        mapping.close();

        assertThat(memory.scope().isAlive()).isFalse();
    }

    @Test
    void closedUnderAReader_endsTheReaderWithAnException() throws Exception {
        Mapping mapping = Mapping.anonymous(BYTES);
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (true) {
                mapping.memory().get(ValueLayout.JAVA_BYTE, 0);
                reading.countDown();
            }
        });
        reading.await();

        mapping.close();

        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> reader.get(300, TimeUnit.SECONDS))
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"0x4000000000000000, ENOMEM (Cannot allocate memory)", "-1, ENOMEM (Cannot allocate memory)",
        "0, EINVAL (Invalid argument)"})
    void sizeThatCannotBeMapped_isRefused(String bytes, String errno) {
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> Mapping.anonymous(Long.decode(bytes)))
                .withMessage("mmap: " + errno);
    }

    @Test
    void memoryOfAClosedMapping_isRefused() {
        Mapping mapping = Mapping.anonymous(BYTES);
        mapping.close();

        assertThatIllegalStateException().isThrownBy(mapping::memory).withMessage("the memory is unmapped");
    }
}
