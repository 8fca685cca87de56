package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static dev.interject.device.PicBench.SLAVE_ELCR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pic8259LinesTest {

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void risingEdge_isNewlyLatched() {
        assertThat(pair.setLine(3, true)).isEqualTo(1);
        assertThat(bench.irr(MASTER)).isEqualTo(0x08);
        assertThat(pair.output()).isTrue();
    }

    @Test
    void edge_staysLatchedWhenTheLineFalls() {
        pair.setLine(3, true);
        assertThat(pair.setLine(3, false)).isEqualTo(1);

        assertThat(bench.irr(MASTER)).isEqualTo(0x08);
        assertThat(pair.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void secondEdgeBeforeAcknowledge_coalesces() {
        bench.pulse(3);

        assertThat(pair.setLine(3, true)).isZero();
    }

    @Test
    void lineThatIsHighAlready_isNoEdgeDespiteItsStatus() {
        pair.setLine(3, true);
        pair.acknowledge();

        assertThat(pair.setLine(3, true)).isEqualTo(1);
        assertThat(bench.irr(MASTER)).isZero();
    }

    @Test
    void edgeWhileInService_waitsForTheEoi() {
        bench.serve(3);
        bench.pulse(3);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(pair.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void maskedLine_isLatchedAndWaitsForTheMaskToOpen() {
        bench.write(MASTER_DATA, 0x08);

        assertThat(pair.setLine(3, true)).isEqualTo(-1);
        assertThat(pair.setLine(3, false)).isEqualTo(-1);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER_DATA, 0x00);

        assertThat(pair.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void maskedSlaveLine_reportsMasked() {
        bench.write(SLAVE_DATA, 0x04);

        assertThat(pair.setLine(10, true)).isEqualTo(-1);
        assertThat(pair.output()).isFalse();
    }

    @Test
    void slaveLineBehindAMaskedCascade_isLatchedByTheSlave() {
        bench.write(MASTER_DATA, 0x04);

        assertThat(pair.setLine(10, true)).isEqualTo(1);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER_DATA, 0x00);

        assertThat(pair.acknowledge()).isEqualTo(0x2a);
    }

    @Test
    void levelTriggeredLine_requestsAsLongAsItIsHigh() {
        bench.write(MASTER_ELCR, 0x20);

        assertThat(pair.setLine(5, true)).isEqualTo(1);
        assertThat(pair.setLine(5, true)).isZero();
        assertThat(bench.irr(MASTER)).isEqualTo(0x20);

        assertThat(pair.setLine(5, false)).isEqualTo(1);
        assertThat(bench.irr(MASTER)).isZero();
        assertThat(pair.output()).isFalse();
    }

    @Test
    void levelTriggeredLineStillHighAtEoi_interruptsAgain() {
        bench.write(MASTER_ELCR, 0x20);
        pair.setLine(5, true);
        pair.acknowledge();
        assertThat(bench.irr(MASTER)).isEqualTo(0x20);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(pair.output()).isTrue();
        assertThat(pair.acknowledge()).isEqualTo(0x25);
    }

    @Test
    void levelTriggeredLineLoweredBeforeEoi_interruptsOnce() {
        bench.write(SLAVE_ELCR, 0x04);
        pair.setLine(10, true);
        pair.acknowledge();
        pair.setLine(10, false);

        bench.write(SLAVE, NON_SPECIFIC_EOI);
        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void elcr_cannotMakeTimerKeyboardCascadeClockAndCoprocessorLevelTriggered() {
        bench.write(MASTER_ELCR, 0xff);
        bench.write(SLAVE_ELCR, 0xff);

        assertThat(bench.read(MASTER_ELCR)).isEqualTo(0xf8);
        assertThat(bench.read(SLAVE_ELCR)).isEqualTo(0xde);
    }

    @Test
    void elcrOfOneChip_leavesTheOtherAlone() {
        bench.write(SLAVE_ELCR, 0x04);

        assertThat(bench.read(MASTER_ELCR)).isZero();
        assertThat(bench.read(SLAVE_ELCR)).isEqualTo(0x04);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void everyLineExceptTheCascade_hasItsOwnVector(int line) {
        assertThat(bench.serve(line)).isEqualTo(0x20 + line);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16, 23, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void lineThatDoesNotExist_isRefusedByName(int line) {
        assertThatIllegalArgumentException().isThrownBy(() -> pair.setLine(line, true))
                .withMessage("line " + line + ": the 8259 pair has lines 0 to 15");
    }
}
