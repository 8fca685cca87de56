package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

/** What somebody hears who injects by hand. */
class GuestEventsTest {

    private static final int VECTOR = 0x2a;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final GuestEvents bells = new GuestEvents();

    @Test
    void nothingRung_isToldAfterTheTime() throws InterruptedException {
        assertThat(bells.awaitReady(Duration.ofMillis(1))).isFalse();
        assertThat(bells.awaitTaken(VECTOR, 1, Duration.ZERO)).isFalse();
    }

    @Test
    void rungBefore_needsNoWaiting() throws InterruptedException {
        bells.ready();
        bells.taken(0, VECTOR);
        bells.taken(3, VECTOR);

        assertThat(bells.awaitReady(Duration.ZERO)).isTrue();
        assertThat(bells.awaitTaken(VECTOR, 2, Duration.ZERO)).isTrue();
        assertThat(bells.awaitTaken(VECTOR, 3, Duration.ZERO)).isFalse();
        assertThat(bells.awaitTaken(VECTOR + 1, 1, Duration.ZERO)).isFalse();
    }

    @Test
    void rungMeanwhile_wakesWhoWaits() throws InterruptedException {
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> {
            bells.ready();
            bells.taken(0, VECTOR);
        });

        assertThat(bells.awaitReady(LONG)).isTrue();
        assertThat(bells.awaitTaken(VECTOR, 1, LONG)).isTrue();
        guest.join();
    }

    @Test
    void guestThatCrashesMeanwhile_endsTheWait() {
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> bells.crashed(1, "a triple fault"));

        assertThatIllegalStateException().isThrownBy(() -> bells.awaitTaken(VECTOR, 1, LONG))
                .withMessage("vCPU 1 crashed: a triple fault");
        guest.join();
    }

    @Test
    void firstReason_isTheOneThatIsTold() {
        bells.fault(0, 13);
        bells.crashed(0, "a triple fault");

        assertThatIllegalStateException().isThrownBy(() -> bells.awaitReady(LONG))
                .withMessage("exception 13 (#GP) stopped vCPU 0");
    }

    @Test
    void failureOnOurSide_isTheCause() {
        IllegalArgumentException failure = new IllegalArgumentException("a bug");
        bells.failed(failure);

        assertThatIllegalStateException().isThrownBy(() -> bells.awaitReady(LONG)).withCause(failure);
    }

    @Test
    void whatWasHeardBeforeTheEnd_isStillTold() throws InterruptedException {
        bells.taken(0, VECTOR);
        bells.crashed(0, "a triple fault");

        assertThat(bells.awaitTaken(VECTOR, 1, LONG)).isTrue();
    }
}
