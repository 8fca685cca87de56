package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FdTest {

    private static final String NULL_DEVICE = "/dev/null";

    /** A request that no file in these tests supports. */
    private static final IoctlRequest STRANGE = new Request("STRANGE_REQUEST", 0x12345678);

    private record Request(String name, long number) implements IoctlRequest {}

    @TempDir
    private Path directory;

    @Test
    void missingFile_isNamedWithItsErrno() {
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> Fd.openReadWrite("/no/such/file"))
                .withMessage("open /no/such/file: ENOENT (No such file or directory)")
                .satisfies(failed -> assertThat(failed.errno().number()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void fileThatCannotBeWritten_isNamedWithItsErrno() {
        assertThatExceptionOfType(SystemCallException.class)
                .isThrownBy(() -> Fd.openReadWrite(directory.toString()))
                .withMessage("open " + directory + ": EISDIR (Is a directory)");
    }

    @Test
    void opened_isReadWriteAndNotInheritedByChildren() throws IOException {
        try (Fd fd = Fd.openReadWrite(NULL_DEVICE)) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd.number()))
                    .stream()
                    .filter(line -> line.startsWith("flags:"))
                    .map(line -> line.substring("flags:".length()).strip())
                    .findFirst()
                    .orElseThrow();
            int wanted = NativeHeaders.O_RDWR() | NativeHeaders.O_CLOEXEC();

            assertThat(Integer.parseInt(flags, 8) & wanted).isEqualTo(wanted);
        }
    }

    @Test
    void ioctlThatTheFileDoesNotKnow_isEnottyWithTheRequestsName() {
        try (Fd fd = Fd.openReadWrite(NULL_DEVICE)) {
            assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> fd.ioctl(STRANGE, 0))
                    .withMessage("STRANGE_REQUEST: ENOTTY (Inappropriate ioctl for device)")
                    .satisfies(failed -> assertThat(failed.call()).isEqualTo("STRANGE_REQUEST"));
            assertThat(fd.tryIoctl(STRANGE, MemorySegment.NULL)).isEqualTo(-25);
        }
    }

    @Test
    void ioctl_passesItsArgumentAndReturnsTheResult() throws IOException {
        // FIONREAD: how many bytes of a regular file are still to be read (asm-generic/ioctls.h)
        IoctlRequest bytesToRead = new Request("FIONREAD", 0x541b);
        Path file = Files.writeString(directory.resolve("file"), "seven..");
        try (Fd fd = Fd.openReadWrite(file.toString()); Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(Integer.BYTES);

            assertThat(fd.ioctl(bytesToRead, answer)).isZero();
            assertThat(answer.get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
        }
    }

    @Test
    void closedDescriptor_isClosedInTheKernel() {
        Fd fd = Fd.openReadWrite(NULL_DEVICE);
        Path entry = Path.of("/proc/self/fd/" + fd.number());
        assertThat(Files.exists(entry)).isTrue();

        fd.close();

        assertThat(entry).satisfiesAnyOf(gone -> assertThat(gone).doesNotExist(),
                reused -> assertThat(reused.toRealPath()).isNotEqualTo(Path.of(NULL_DEVICE)));
    }

    @Test
    void closedTwice_leavesTheNextOwnerOfTheNumberAlone() {
        Fd first = Fd.openReadWrite(NULL_DEVICE);
        first.close();
        try (Fd next = Fd.openReadWrite(NULL_DEVICE)) {
            first.close();

            assertThat(next.tryIoctl(STRANGE, MemorySegment.NULL)).isEqualTo(-25);
        }
    }

    static Stream<Named<Consumer<Fd>>> uses() {
        MemorySegment buffer = Arena.ofAuto().allocate(8);
        return Stream.of(
                Named.of("number", Fd::number),
                Named.of("ioctl", fd -> fd.ioctl(STRANGE, buffer)),
                Named.of("ioctl of an integer", fd -> fd.ioctl(STRANGE, 0)),
                Named.of("tryIoctl", fd -> fd.tryIoctl(STRANGE, buffer)),
                Named.of("ioctlDespiteSignals", fd -> fd.ioctlDespiteSignals(STRANGE, 0)),
                Named.of("tryRead", fd -> fd.tryRead(buffer)),
                Named.of("readAt", fd -> fd.readAt(0, buffer)),
                Named.of("write", fd -> fd.write(buffer)),
                Named.of("Mapping.shared", fd -> Mapping.shared(fd, 4096)));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void closed_refuses(Consumer<Fd> use) {
        Fd closed = Fd.openReadWrite(NULL_DEVICE);
        closed.close();
        try (Fd next = Fd.openReadWrite(NULL_DEVICE)) { // gets the number of the closed one
            assertThatIllegalStateException().isThrownBy(() -> use.accept(closed))
                    .withMessage("/dev/null is closed");
            assertThat(next.number()).isNotNegative();
        }
    }

    @Test
    void numberThatIsNoDescriptor_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fd.own(-1, "nothing"))
                .withMessage("-1 is not a file descriptor");
    }

    @Test
    void numberThatIsNotOpen_isEbadf() {
        Fd none = Fd.own(1_000_000, "nothing");

        assertThat(none.tryIoctl(STRANGE, MemorySegment.NULL)).isEqualTo(-Errno.EBADF);
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(none::close)
                .withMessage("close: EBADF (Bad file descriptor)");
    }

    @Test
    void functionThatTheCLibraryLacks_isNamed() {
        assertThatExceptionOfType(UnsatisfiedLinkError.class)
                .isThrownBy(() -> NativeFunction.named("no_such_function_2026"))
                .withMessageContaining("no_such_function_2026()");
    }
}
