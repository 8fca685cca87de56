package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.Cancellation;
import org.junit.jupiter.api.Test;

class BootMonitorTest {

    /** Its nanoseconds do not fit into 64 bits. */
    @Test
    void timeoutOfCenturies_isAwaited() {
        BootMonitor monitor = new BootMonitor(() -> {});
        Thread waiter = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> {
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.yield();
            }
            monitor.exit(1);
        });

        assertThat(monitor.await(Optional.of(Duration.ofDays(1_000_000)), new Cancellation()))
                .isEqualTo(new BootEnd.Exited(1));
    }
}
