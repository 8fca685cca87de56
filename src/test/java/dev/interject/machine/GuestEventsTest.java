package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.interject.Hang;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;
import org.junit.jupiter.api.Test;

class GuestEventsTest {

    private static final int VECTOR = 0x2a;
    private static final VcpuEnd TRIPLE_FAULT = new VcpuEnd.Crashed(1, "a triple fault");

    private final GuestEvents events = new GuestEvents(new MachineListener() {});

    @Test
    void noEvent_endsTheWaitAfterTheTime() throws InterruptedException {
        assertThat(events.awaitReady(Duration.ofMillis(1))).isFalse();
        assertThat(events.awaitTaken(VECTOR, 1, Duration.ZERO)).isFalse();
    }

    @Test
    void earlierEvent_needsNoWaiting() throws InterruptedException {
        events.ready();
        events.taken(0, VECTOR);
        events.taken(3, VECTOR);

        assertThat(events.awaitReady(Duration.ZERO)).isTrue();
        assertThat(events.awaitTaken(VECTOR, 2, Duration.ZERO)).isTrue();
        assertThat(events.awaitTaken(VECTOR, 3, Duration.ZERO)).isFalse();
        assertThat(events.awaitTaken(VECTOR + 1, 1, Duration.ZERO)).isFalse();
    }

    @Test
    void laterEvents_wakeTheWaitingThread() throws InterruptedException {
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> {
            events.ready();
            for (int i = 0; i < 100_000; i++) {
                events.taken(0, VECTOR);
            }
        });

        assertThat(events.awaitReady(Hang.AFTER)).isTrue();
        for (int i = 1; i <= 100_000; i += 7) {
            assertThat(events.awaitTaken(VECTOR, i, Hang.AFTER)).isTrue();
        }
        guest.join();
    }

    @Test
    void crashDuringTheWait_endsItWithThatCrash() {
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> events.ended(TRIPLE_FAULT));

        assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(() -> events.awaitTaken(VECTOR, 1, Hang.AFTER))
                .withMessage("vCPU 1 crashed: a triple fault")
                .extracting(VcpuEndedException::end)
                .isEqualTo(TRIPLE_FAULT);
        guest.join();
    }

    @Test
    void secondEnd_doesNotReplaceTheFirst() {
        events.fault(0, 13);
        events.ended(TRIPLE_FAULT);

        assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(() -> events.awaitReady(Hang.AFTER))
                .withMessage("vCPU 0 crashed: exception 13 (#GP) stopped it");
    }

    @Test
    void hostFailure_isTheCause() {
        IllegalArgumentException failure = new IllegalArgumentException("a bug");
        events.ended(new VcpuEnd.HostFailed(0, failure));

        assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(() -> events.awaitReady(Hang.AFTER))
                .withCause(failure);
    }

    @Test
    void eventBeforeTheEnd_isStillReported() throws InterruptedException {
        events.taken(0, VECTOR);
        events.ended(TRIPLE_FAULT);

        assertThat(events.awaitTaken(VECTOR, 1, Hang.AFTER)).isTrue();
    }
}
