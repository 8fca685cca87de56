package dev.interject.device;

import static dev.interject.device.IoapicBench.LEVEL;
import static dev.interject.device.IoapicBench.MASKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edges and levels at the pins, and their EOIs. */
class IoapicPinsTest {

    private static final int PIN = 10;
    private static final int BIT = 1 << PIN;
    private static final int VECTOR = 0x4a;
    private static final String DELIVERED = "10: 4a";
    private static final int ACTIVE_LOW = 1 << 13;

    private final IoapicBench bench = new IoapicBench();

    @ParameterizedTest
    @ValueSource(ints = {-1, 24, 32, Integer.MIN_VALUE})
    void pinThatDoesNotExist_isRefused(int pin) {
        assertThatIllegalArgumentException().isThrownBy(() -> bench.raise(pin))
                .withMessage("pin " + pin + ": the IOAPIC has pins 0 to 23");
    }

    // edges

    @Test
    void edge_isDeliveredOnce() {
        bench.program(PIN, VECTOR);

        assertThat(bench.raise(PIN)).isEqualTo(1);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
        assertThat(bench.ioapic.state().irr()).isZero();
        assertThat(bench.entry(PIN).bits()).isEqualTo(VECTOR);
    }

    @Test
    void pinThatIsHighAlready_isNoEdge() {
        bench.program(PIN, VECTOR);
        bench.raise(PIN);
        bench.delivered();

        assertThat(bench.raise(PIN)).isZero();

        assertThat(bench.delivered()).isEmpty();
        // KVM's status of an edge that coalesced
        assertThat(bench.ioapic.state().irr()).isEqualTo(BIT);
    }

    @Test
    void pinThatHasFallen_canRequestAgain() {
        bench.program(PIN, VECTOR);
        bench.raise(PIN);

        assertThat(bench.lower(PIN)).isEqualTo(1);
        assertThat(bench.raise(PIN)).isEqualTo(1);

        assertThat(bench.delivered()).containsExactly(DELIVERED, DELIVERED);
    }

    @Test
    void maskedEdge_isLost() {
        bench.program(PIN, VECTOR | MASKED);

        assertThat(bench.raise(PIN)).isEqualTo(-1);
        assertThat(bench.ioapic.state().irr()).isEqualTo(BIT);
        bench.program(PIN, VECTOR);
        bench.lower(PIN);

        assertThat(bench.delivered()).isEmpty();
        assertThat(bench.ioapic.state().irr()).isZero();
    }

    @Test
    void pinHighWhenItsEntryBecomesLevelTriggered_requests() {
        bench.program(PIN, VECTOR | MASKED);
        bench.raise(PIN);

        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
    }

    @Test
    void eoiOfAnEdge_deliversNothing() {
        bench.program(PIN, VECTOR);
        bench.raise(PIN);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 3})
    void statusOfTheLapics_isReturned(int answer) {
        bench.answer = answer;
        bench.program(PIN, VECTOR);
        bench.program(11, VECTOR | LEVEL);

        assertThat(bench.raise(PIN)).isEqualTo(answer);
        assertThat(bench.raise(11)).isEqualTo(answer);
    }

    @Test
    void polarity_isStoredAndHasNoEffect() {
        bench.program(PIN, VECTOR | ACTIVE_LOW | LEVEL);

        assertThat(bench.lower(PIN)).isEqualTo(1);
        assertThat(bench.delivered()).isEmpty();
        assertThat(bench.raise(PIN)).isEqualTo(1);
        assertThat(bench.delivered()).containsExactly(DELIVERED);
        assertThat(bench.entry(PIN).isActiveLow()).isTrue();
    }

    // levels

    @Test
    void level_setsRemoteIrrAndIsDeliveredOnceUntilItsEoi() {
        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.raise(PIN)).isEqualTo(1);
        assertThat(bench.raise(PIN)).isEqualTo(-1);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
        assertThat(bench.ioapic.state().irr()).isEqualTo(BIT);
    }

    @Test
    void eoiOfALevelThatIsStillHigh_deliversItAgain() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
    }

    @Test
    void eoiOfALevelThatHasFallen_deliversNothing() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.lower(PIN);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).isEmpty();
        assertThat(bench.entry(PIN).remoteIrr()).isFalse();
    }

    @Test
    void levelThatFellAndRoseBeforeItsEoi_waitsForTheEoi() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.lower(PIN);

        assertThat(bench.raise(PIN)).isEqualTo(-1);
        assertThat(bench.delivered()).containsExactly(DELIVERED);
        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
    }

    @Test
    void eoiOfAMaskedLevel_clearsRemoteIrrOnly() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.program(PIN, VECTOR | LEVEL | MASKED);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).isEmpty();
        assertThat(bench.entry(PIN).remoteIrr()).isFalse();
    }

    @Test
    void eoiOfAnotherVector_changesNothing() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR + 1);

        assertThat(bench.delivered()).isEmpty();
        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
    }

    @Test
    void eoiOfASharedVector_redeliversEveryHighLevel() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.program(23, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.raise(23);
        bench.delivered();

        bench.ioapic.endOfInterrupt(VECTOR);

        assertThat(bench.delivered()).containsExactly(DELIVERED, "23: 4a");
    }

    @Test
    void levelBlockedByTheLapic_needsNoEoiAndIsSentAtTheNextRaise() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.answer = 0;

        assertThat(bench.raise(PIN)).isZero();
        assertThat(bench.entry(PIN).remoteIrr()).isFalse();
        bench.answer = 1;
        assertThat(bench.raise(PIN)).isEqualTo(1);

        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
    }

    @Test
    void levelForNoLapic_setsRemoteIrrAsKvmDoes() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.answer = -1;

        assertThat(bench.raise(PIN)).isEqualTo(-1);

        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
    }

    @Test
    void maskedLevel_isDeliveredWhenUnmasked() {
        bench.program(PIN, VECTOR | LEVEL | MASKED);

        assertThat(bench.raise(PIN)).isEqualTo(-1);
        assertThat(bench.delivered()).isEmpty();
        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
        assertThat(bench.entry(PIN).remoteIrr()).isTrue();
    }

    @Test
    void maskedLevelThatFell_isNotDeliveredWhenUnmasked() {
        bench.program(PIN, VECTOR | LEVEL | MASKED);
        bench.raise(PIN);
        bench.lower(PIN);

        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.delivered()).isEmpty();
    }

    @Test
    void unmaskedLevelWithoutEoi_isNotDeliveredTwice() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.delivered();

        bench.program(PIN, VECTOR | LEVEL | MASKED);
        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.delivered()).isEmpty();
    }

    @Test
    void entryChangedToEdgeAndBack_needsNoEoi() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.raise(PIN);
        bench.delivered();

        bench.program(PIN, VECTOR | MASKED);
        assertThat(bench.entry(PIN).remoteIrr()).isFalse();
        bench.program(PIN, VECTOR | LEVEL);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
    }

    @Test
    void writeToTheUpperHalf_deliversAHighLevel() {
        bench.program(PIN, VECTOR | LEVEL);
        bench.answer = 0;
        bench.raise(PIN);
        bench.answer = 1;
        bench.delivered();

        bench.write(Ioapic.REDIRECTION + 2 * PIN + 1, 1 << 24);

        assertThat(bench.delivered()).containsExactly(DELIVERED);
    }
}
