package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFdTest {

    private static final int ROUNDS = 1000;

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

    /** The file that is opened next gets the number of the closed descriptor. */
    @Test
    void closedWhileAnotherThreadSignals_writesIntoNoOtherFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("next");
        for (int round = 0; round < ROUNDS; round++) {
            EventFd event = EventFd.create();
            CountDownLatch signals = new CountDownLatch(1);
            Thread signaller = Thread.ofPlatform().start(() -> signalUntilClosed(event, signals));
            signals.await();
            event.close();
            try (OutputStream _ = Files.newOutputStream(file)) {
                signaller.join();
            }

            assertThat(file).isEmptyFile();
        }
    }

    private static void signalUntilClosed(EventFd event, CountDownLatch signals) {
        try {
            while (true) {
                event.signal();
                signals.countDown();
            }
        } catch (IllegalStateException closed) {
            // as expected
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
