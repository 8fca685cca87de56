package dev.interject.experiment.qemu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where QEMU is looked for. */
class QmpAddressTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static QemuMonitor connect(String address, Duration time) {
        return QemuMonitor.connect(address, time, new Cancellation());
    }

    @Test
    void addressWithoutAnybody_isNamed(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> connect(folder.resolve("none").toString(), SHORT)).isInstanceOf(QemuException.class)
                .hasMessageContaining("cannot connect to");
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> connect(file.toString(), SHORT)).isInstanceOf(QemuException.class)
                .hasMessageContaining("cannot connect to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp:", "tcp:host", "localhost:", "localhost:0", "localhost:65536", "localhost:x",
        "unix:", "a\0b", "no.such.host.invalid:1"})
    void addressThatIsNone_isRefused(String address) {
        assertThatThrownBy(() -> connect(address, SHORT)).isInstanceOf(QemuException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:%d", "tcp:127.0.0.1:%d", "tcp:localhost:%d,server=on,wait=off"})
    void tcp_isSpokenAsWell(String form) throws IOException {
        try (ServerSocket server = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                try (var client = server.accept()) {
                    client.getOutputStream().write("no greeting\n".getBytes());
                } catch (SocketException _) {
                    // the test has ended
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            assertThatThrownBy(() -> connect(form.formatted(server.getLocalPort()), Hang.AFTER))
                    .isInstanceOf(QemuException.class)
                    .hasMessageContaining("it says 'no greeting'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "unix:%s", "unix:%s,server=on,wait=off", "%s,nowait"})
    void path_mayHaveACommaAndQemusOptions(String form, @TempDir Path folder) throws IOException {
        Path path = folder.resolve("a,b");
        try (var _ = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path))) {
            assertThatThrownBy(() -> connect(form.formatted(path), SHORT)).isInstanceOf(QemuException.class)
                    .hasMessageContaining("gave no answer");
        }
    }
}
