package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {

    @ParameterizedTest
    @CsvSource({
        // requested, refused, taken, coalesced, held -> accepted, lost
        "5, 0, 5, 0, 0, 5, 0",
        "10, 2, 3, 4, 1, 8, 0",
        "10, 2, 3, 1, 1, 8, 3",
        "0, 0, 0, 0, 0, 0, 0",
        "9000000000, 0, 8999999999, 0, 0, 9000000000, 1"
    })
    void sums_addUp(long requested, long refused, long taken, long coalesced, long held, long accepted, long lost) {
        Ledger ledger = new Ledger(requested, refused, taken, coalesced, held, 0);

        assertThat(ledger.accepted()).isEqualTo(accepted);
        assertThat(ledger.lost()).isEqualTo(lost);
    }

    @Test
    void everyOneTaken_isAllTaken() {
        assertThat(new Ledger(5, 0, 5, 0, 0, 0).allTaken()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"5, 1, 4, 0, 0", "5, 0, 4, 1, 0", "5, 0, 4, 0, 1", "5, 0, 4, 0, 0"})
    void anythingElse_isNotAllTaken(long requested, long refused, long taken, long coalesced, long held) {
        assertThat(new Ledger(requested, refused, taken, coalesced, held, 0).allTaken()).isFalse();
    }

    @Test
    void handlerThatRanMoreOftenThanRequested_isNotAllTakenAndNothingIsLost() {
        Ledger ledger = new Ledger(5, 0, 5, 0, 0, 1);

        assertThat(ledger.allTaken()).isFalse();
        assertThat(ledger.lost()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 0, 6, 0, 0, 0", "5, 0, 5, 1, 0, 0", "5, 6, 0, 0, 0, 0", "0, 0, 0, 0, 0, -1", "1, 0, -1, 0, 0, 0"})
    void moreAccountedForThanRequested_isRefused(long requested, long refused, long taken, long coalesced, long held,
            long extra) {
        assertThatThrownBy(() -> new Ledger(requested, refused, taken, coalesced, held, extra))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not add up");
    }
}
