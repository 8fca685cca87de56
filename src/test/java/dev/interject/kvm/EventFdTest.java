package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;

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
    void closed_refusesEveryUse() {
        EventFd event = EventFd.create();
        assertThat(Files.exists(Path.of("/proc/self/fd/" + event.number()))).isTrue();
        event.close();

        assertThatIllegalStateException().isThrownBy(event::signal).withMessage("eventfd is closed");
        assertThatIllegalStateException().isThrownBy(event::consume).withMessage("eventfd is closed");
    }
}
