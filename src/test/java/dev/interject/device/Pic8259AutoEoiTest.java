package dev.interject.device;

import static dev.interject.device.PicBench.ICW4_8086;
import static dev.interject.device.PicBench.ICW4_AEOI;
import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_CLEAR;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_SET;
import static dev.interject.device.PicBench.SLAVE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259AutoEoiTest {

    private final PicBench bench = PicBench.initialized(ICW4_8086 | ICW4_AEOI, ICW4_8086 | ICW4_AEOI);
    private final Pic8259Pair pair = bench.pair;

    @Test
    void acknowledge_leavesNothingInService() {
        assertThat(bench.serve(4)).isEqualTo(0x24);

        assertThat(bench.isr(MASTER)).isZero();
        assertThat(bench.irr(MASTER)).isZero();
    }

    @Test
    void lowerLine_needsNoEoi() {
        bench.serve(4);

        assertThat(bench.serve(6)).isEqualTo(0x26);
    }

    @Test
    void slaveInterrupt_leavesNothingInServiceInEitherChip() {
        assertThat(bench.serve(10)).isEqualTo(0x2a);

        assertThat(bench.isr(MASTER)).isZero();
        assertThat(bench.isr(SLAVE)).isZero();
    }

    @Test
    void masterAloneInTheMode_leavesTheSlaveInService() {
        PicBench mixed = PicBench.initialized(ICW4_8086 | ICW4_AEOI, ICW4_8086);
        mixed.serve(10);

        assertThat(mixed.isr(MASTER)).isZero();
        assertThat(mixed.isr(SLAVE)).isEqualTo(0x04);
    }

    @Test
    void levelTriggeredLineStillHigh_interruptsAgainAtOnce() {
        bench.write(MASTER_ELCR, 0x20);
        pair.setLine(5, true);
        pair.acknowledge();

        assertThat(pair.output()).isTrue();
    }

    @Test
    void rotation_makesTheServedLevelTheLowest() {
        bench.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
        bench.serve(4);
        bench.pulse(4, 6);

        assertThat(pair.acknowledge()).isEqualTo(0x26);
        assertThat(pair.acknowledge()).isEqualTo(0x24);
    }

    @Test
    void rotationCleared_keepsTheOrder() {
        bench.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
        bench.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_CLEAR);
        bench.serve(4);

        assertThat(pair.masterState().priorityAdd()).isZero();
    }

    @Test
    void rotationWithoutTheMode_doesNotHappen() {
        PicBench plain = PicBench.initialized();
        plain.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
        plain.serve(4);

        assertThat(plain.pair.masterState().rotateOnAutoEoi()).isTrue();
        assertThat(plain.pair.masterState().priorityAdd()).isZero();
        assertThat(plain.isr(MASTER)).isEqualTo(0x10);
    }

    @Test
    void secondSlaveRequest_isAcknowledgedRightAfterTheFirst() {
        bench.pulse(12, 10);

        assertThat(pair.acknowledge()).isEqualTo(0x2a);
        assertThat(pair.acknowledge()).isEqualTo(0x2c);
        assertThat(pair.output()).isFalse();
    }
}
