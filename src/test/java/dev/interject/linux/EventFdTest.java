package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;

class EventFdTest {

    @Test
    void fresh_wasNotSignalled() {
        try (EventFd event = EventFd.create()) {
            assertThat(event.consume()).isZero();
        }
    }

    @Test
    void signals_areCountedUntilTheyAreConsumed() {
        try (EventFd event = EventFd.create()) {
            event.signal();
            event.signal();
            event.signal();

            assertThat(event.consume()).isEqualTo(3);
            assertThat(event.consume()).isZero();
        }
    }

    @Test
    void closed_namesTheCall() {
        EventFd event = EventFd.create();
        assertThat(Files.exists(Path.of("/proc/self/fd/" + event.number()))).isTrue();
        event.close();

        assertThatExceptionOfType(SystemCallException.class).isThrownBy(event::signal)
                .withMessage("write eventfd: EBADF (Bad file descriptor)");
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(event::consume)
                .withMessage("read eventfd: EBADF (Bad file descriptor)");
    }
}
