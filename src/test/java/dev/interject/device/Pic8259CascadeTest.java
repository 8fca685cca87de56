package dev.interject.device;

import static dev.interject.device.PicBench.ICW4_8086;
import static dev.interject.device.PicBench.ICW4_SFNM;
import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.NO_OPERATION;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_SET;
import static dev.interject.device.PicBench.ROTATE_ON_NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.SET_PRIORITY;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static dev.interject.device.PicBench.SLAVE_ELCR;
import static dev.interject.device.PicBench.SPECIFIC_EOI;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259CascadeTest {

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void slaveRequest_latchesIr2OfTheMaster() {
        bench.pulse(10);

        assertThat(bench.irr(SLAVE)).isEqualTo(0x04);
        assertThat(bench.irr(MASTER)).isEqualTo(0x04);
        assertThat(pair.masterState().lastIrr()).isZero();
    }

    @Test
    void slaveInterrupt_isInServiceInBothChips() {
        assertThat(bench.serve(10)).isEqualTo(0x2a);

        assertThat(bench.isr(MASTER)).isEqualTo(0x04);
        assertThat(bench.isr(SLAVE)).isEqualTo(0x04);
        assertThat(bench.irr(MASTER)).isZero();
        assertThat(bench.irr(SLAVE)).isZero();
    }

    @Test
    void slaveLines_rankBetweenLines1And3() {
        bench.pulse(3, 12, 1);

        assertThat(pair.acknowledge()).isEqualTo(0x21);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x2c);
        bench.write(SLAVE, NON_SPECIFIC_EOI);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void bothEois_letTheNextOneThrough() {
        bench.serve(10);
        bench.write(SLAVE, NON_SPECIFIC_EOI);
        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(bench.serve(10)).isEqualTo(0x2a);
    }

    @Test
    void missingSlaveEoi_blocksLowerSlaveLinesOnly() {
        bench.serve(10);
        bench.write(MASTER, NON_SPECIFIC_EOI);

        bench.pulse(10, 11, 15);

        assertThat(pair.output()).isFalse();
        assertThat(bench.irr(SLAVE)).isEqualTo(0x8c);
        assertThat(bench.irr(MASTER)).isZero();
    }

    @Test
    void missingSlaveEoi_letsHigherSlaveLinesThrough() {
        bench.serve(10);
        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(bench.serve(9)).isEqualTo(0x29);
    }

    @Test
    void lateSlaveEoi_deliversTheBlockedOne() {
        bench.serve(10);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        bench.pulse(11);

        bench.write(SLAVE, NON_SPECIFIC_EOI);

        assertThat(pair.acknowledge()).isEqualTo(0x2b);
    }

    @Test
    void missingMasterEoi_blocksAllSlaveLines() {
        bench.serve(10);
        bench.write(SLAVE, NON_SPECIFIC_EOI);

        bench.pulse(8);

        assertThat(pair.output()).isFalse();
        assertThat(bench.irr(MASTER)).isEqualTo(0x04);
    }

    @Test
    void secondSlaveRequest_isPulsedAgainAfterTheFirstIsTaken() {
        bench.pulse(11, 9);

        assertThat(pair.acknowledge()).isEqualTo(0x29);
        bench.write(SLAVE, NON_SPECIFIC_EOI);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x2b);
    }

    @Test
    void higherSlaveLineWhileOneIsInService_waitsInFullyNestedMode() {
        bench.serve(12);

        bench.pulse(9);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void higherSlaveLineWhileOneIsInService_isDeliveredInSpecialFullyNestedMode() {
        PicBench nested = PicBench.initialized(ICW4_8086 | ICW4_SFNM, ICW4_8086);
        nested.serve(12);

        assertThat(nested.serve(9)).isEqualTo(0x29);
        assertThat(nested.isr(SLAVE)).isEqualTo(0x12);
    }

    @Test
    void lowerSlaveLineWhileOneIsInService_waitsInSpecialFullyNestedModeToo() {
        PicBench nested = PicBench.initialized(ICW4_8086 | ICW4_SFNM, ICW4_8086);
        nested.serve(9);

        nested.pulse(12);

        assertThat(nested.pair.output()).isFalse();
    }

    @Test
    void lowerMasterLineWhileTheSlaveIsInService_waitsInSpecialFullyNestedModeToo() {
        PicBench nested = PicBench.initialized(ICW4_8086 | ICW4_SFNM, ICW4_8086);
        nested.serve(9);

        nested.pulse(5);

        assertThat(nested.pair.output()).isFalse();
        nested.write(SLAVE, NON_SPECIFIC_EOI);
        nested.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(nested.pair.acknowledge()).isEqualTo(0x25);
    }

    @Test
    void higherMasterLineWhileTheSlaveIsInService_isDeliveredInSpecialFullyNestedMode() {
        PicBench nested = PicBench.initialized(ICW4_8086 | ICW4_SFNM, ICW4_8086);
        nested.serve(9);

        assertThat(nested.serve(1)).isEqualTo(0x21);
    }

    @Test
    void specialFullyNestedSlave_behavesAsAPlainOne() {
        PicBench nested = PicBench.initialized(ICW4_8086, ICW4_8086 | ICW4_SFNM);
        nested.serve(10);
        nested.write(MASTER, NON_SPECIFIC_EOI);

        nested.pulse(10, 11);

        assertThat(nested.pair.output()).isFalse();
    }

    @Test
    void requestWithdrawnBeforeTheAcknowledge_isSpurious7AndNotInService() {
        bench.write(MASTER_ELCR, 0x20);
        pair.setLine(5, true);
        pair.setLine(5, false);

        assertThat(pair.acknowledge()).isEqualTo(0x27);
        assertThat(bench.isr(MASTER)).isZero();
    }

    @Test
    void requestMaskedBeforeTheAcknowledge_isSpurious7() {
        bench.pulse(5);
        bench.write(MASTER_DATA, 0x20);

        assertThat(pair.acknowledge()).isEqualTo(0x27);
        assertThat(bench.irr(MASTER)).isEqualTo(0x20);
    }

    @Test
    void slaveRequestWithdrawnBeforeTheAcknowledge_isSpurious15AndInServiceInTheMasterOnly() {
        bench.write(SLAVE_ELCR, 0x04);
        pair.setLine(10, true);
        pair.setLine(10, false);
        assertThat(pair.output()).isTrue();

        assertThat(pair.acknowledge()).isEqualTo(0x2f);
        assertThat(bench.isr(MASTER)).isEqualTo(0x04);
        assertThat(bench.isr(SLAVE)).isZero();
    }

    @Test
    void slaveRequestMaskedBeforeTheAcknowledge_isSpurious15() {
        bench.pulse(10);
        bench.write(SLAVE_DATA, 0x04);

        assertThat(pair.acknowledge()).isEqualTo(0x2f);
    }

    @Test
    void masterInitializedWhileTheSlaveRequests_getsTheRequestWithTheFirstMask() {
        bench.pulse(10);

        bench.write(MASTER, 0x11);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0x04);
        bench.write(MASTER_DATA, 0x01);
        assertThat(pair.output()).isFalse();
        bench.write(MASTER_DATA, 0x00);

        assertThat(pair.acknowledge()).isEqualTo(0x2a);
    }

    @Test
    void masterInitializedWhileTheSlaveRequests_getsNoRequestByCommandsWithoutEffect() {
        bench.pulse(10);
        bench.write(MASTER, 0x10);

        bench.write(SLAVE, NON_SPECIFIC_EOI);
        bench.write(SLAVE, ROTATE_IN_AUTOMATIC_EOI_SET);
        bench.write(SLAVE, NO_OPERATION);

        assertThat(bench.irr(MASTER)).isZero();
    }

    @Test
    void prioritySetInTheSlave_reachesTheMasterAtOnce() {
        bench.serve(12);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        bench.pulse(13);
        assertThat(pair.output()).isFalse();

        bench.write(SLAVE, SET_PRIORITY | 4);

        assertThat(pair.acknowledge()).isEqualTo(0x2d);
    }

    @Test
    void specificEoiInTheSlave_reachesTheMasterAtOnce() {
        bench.serve(12);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        bench.pulse(13);

        bench.write(SLAVE, SPECIFIC_EOI | 4);

        assertThat(pair.acknowledge()).isEqualTo(0x2d);
    }

    @Test
    void rotatingEoiInTheSlave_reachesTheMasterAtOnce() {
        bench.serve(12);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        bench.pulse(12);

        bench.write(SLAVE, ROTATE_ON_NON_SPECIFIC_EOI);

        assertThat(pair.acknowledge()).isEqualTo(0x2c);
        assertThat(pair.slaveState().priorityAdd()).isEqualTo(5);
    }
}
