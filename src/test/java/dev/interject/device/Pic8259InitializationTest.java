package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.POLL;
import static dev.interject.device.PicBench.READ_ISR;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_SET;
import static dev.interject.device.PicBench.SET_PRIORITY;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static dev.interject.device.PicBench.SPECIAL_MASK_SET;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259InitializationTest {

    @Test
    void newPair_isAsKvmMakesIt() {
        Pic8259Pair pair = new Pic8259Pair();

        assertThat(pair.masterState()).isEqualTo(allClear(0xf8));
        assertThat(pair.slaveState()).isEqualTo(allClear(0xde));
        assertThat(pair.output()).isFalse();
    }

    @Test
    void newPair_deliversAtBaseZero() {
        assertThat(new PicBench().serve(5)).isEqualTo(5);
    }

    @Test
    void icw2_givesTheVectorsAndDropsItsLowBits() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x11);
        bench.write(MASTER_DATA, 0x47);
        bench.write(MASTER_DATA, 0x04);
        bench.write(MASTER_DATA, 0x01);

        assertThat(bench.pair.masterState().irqBase()).isEqualTo(0x40);
        assertThat(bench.serve(3)).isEqualTo(0x43);
    }

    @Test
    void sequenceWithIcw4_takesThreeWordsBeforeTheMask() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x11);
        assertThat(bench.pair.masterState().initState()).isEqualTo(1);
        bench.write(MASTER_DATA, 0x20);
        assertThat(bench.pair.masterState().initState()).isEqualTo(2);
        bench.write(MASTER_DATA, 0x04);
        assertThat(bench.pair.masterState().initState()).isEqualTo(3);
        bench.write(MASTER_DATA, 0x13);
        assertThat(bench.pair.masterState().initState()).isZero();
        assertThat(bench.pair.masterState().autoEoi()).isTrue();
        assertThat(bench.pair.masterState().specialFullyNested()).isTrue();
        assertThat(bench.read(MASTER_DATA)).isZero();

        bench.write(MASTER_DATA, 0xa5);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0xa5);
    }

    @Test
    void sequenceWithoutIcw4_takesTwoWordsBeforeTheMask() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x10);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0x04);
        bench.write(MASTER_DATA, 0xa5);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0xa5);
        assertThat(bench.pair.masterState().init4()).isFalse();
    }

    @Test
    void singleWithIcw4_omitsIcw3() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x13);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0x03);
        bench.write(MASTER_DATA, 0xa5);

        assertThat(bench.pair.masterState().autoEoi()).isTrue();
        assertThat(bench.read(MASTER_DATA)).isEqualTo(0xa5);
    }

    @Test
    void singleWithoutIcw4_takesOneWordBeforeTheMask() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x12);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0xa5);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0xa5);
    }

    @Test
    void cascadedAfterSingle_takesIcw3Again() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x12);
        bench.write(MASTER, 0x10);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0xa5);

        assertThat(bench.read(MASTER_DATA)).isZero();
        assertThat(bench.pair.masterState().initState()).isZero();
    }

    @Test
    void icw1InTheMiddle_startsOver() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x11);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER, 0x11);
        bench.write(MASTER_DATA, 0x50);

        assertThat(bench.pair.masterState().irqBase()).isEqualTo(0x50);
        assertThat(bench.pair.masterState().initState()).isEqualTo(2);
    }

    @Test
    void icw1OfOneChip_leavesTheOtherAlone() {
        PicBench bench = PicBench.initialized();
        bench.write(SLAVE_DATA, 0x5a);
        PicState slave = bench.pair.slaveState();

        bench.write(MASTER, 0x11);

        assertThat(bench.pair.slaveState()).isEqualTo(slave);
    }

    @Test
    void icw1_clearsMaskPrioritySpecialMaskAndReadSelect() {
        PicBench bench = PicBench.initialized();
        bench.write(MASTER_DATA, 0xff);
        bench.write(MASTER, SET_PRIORITY | 3);
        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.write(MASTER, READ_ISR);

        bench.write(MASTER, 0x11);

        PicState state = bench.pair.masterState();
        assertThat(state.imr()).isZero();
        assertThat(state.priorityAdd()).isZero();
        assertThat(state.specialMask()).isFalse();
        assertThat(state.readRegSelect()).isFalse();
    }

    @Test
    void icw1WithoutIcw4_turnsOffAutoEoiAndSpecialFullyNested() {
        PicBench bench = PicBench.initialized(0x13, 0x01);

        bench.write(MASTER, 0x10);

        assertThat(bench.pair.masterState().autoEoi()).isFalse();
        assertThat(bench.pair.masterState().specialFullyNested()).isFalse();
    }

    @Test
    void icw1WithIcw4_keepsTheModesUntilIcw4() {
        PicBench bench = PicBench.initialized(0x13, 0x01);

        bench.write(MASTER, 0x11);

        assertThat(bench.pair.masterState().autoEoi()).isTrue();
        assertThat(bench.pair.masterState().specialFullyNested()).isTrue();
    }

    @Test
    void icw1_keepsLevelRequestsAndElcrAndClearsEdges() {
        PicBench bench = PicBench.initialized();
        bench.write(MASTER_ELCR, 0x20);
        bench.pair.setLine(5, true);
        bench.pair.setLine(6, true);

        bench.write(MASTER, 0x11);

        assertThat(bench.pair.masterState().irr()).isEqualTo(0x20);
        assertThat(bench.pair.masterState().lastIrr()).isZero();
        assertThat(bench.read(MASTER_ELCR)).isEqualTo(0x20);
    }

    @Test
    void icw1_letsALineHeldHighRequestAgain() {
        PicBench bench = PicBench.initialized();
        bench.pair.setLine(6, true);
        bench.pair.acknowledge();
        bench.write(MASTER, 0x11);

        bench.pair.setLine(6, true);

        assertThat(bench.pair.masterState().irr()).isEqualTo(0x40);
    }

    @Test
    void icw1_keepsIsrExceptLevelsWithAnEdgeRequest() {
        PicBench bench = PicBench.initialized();
        bench.serve(6);
        bench.serve(5);
        bench.pulse(6);

        bench.write(MASTER, 0x11);

        assertThat(bench.pair.masterState().isr()).isEqualTo(0x20);
    }

    @Test
    void icw1_keepsRotationInAutoEoiAndThePoll() {
        PicBench bench = PicBench.initialized();
        bench.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
        bench.write(MASTER, POLL);

        bench.write(MASTER, 0x11);

        assertThat(bench.pair.masterState().rotateOnAutoEoi()).isTrue();
        assertThat(bench.pair.masterState().poll()).isTrue();
    }

    @Test
    void icw1WithLevelTriggerBit_leavesLinesToTheElcr() {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x19);
        bench.write(MASTER_DATA, 0x20);
        bench.write(MASTER_DATA, 0x04);
        bench.write(MASTER_DATA, 0x01);

        bench.pulse(3);

        assertThat(bench.irr(MASTER)).isEqualTo(0x08);
    }

    @Test
    void commandsDuringInitialization_takeEffectAndDoNotDisturbIt() {
        PicBench bench = new PicBench();
        bench.serve(4);
        bench.write(SLAVE, 0x11);
        bench.write(MASTER, 0x11);
        bench.write(MASTER, 0x20);
        bench.write(MASTER_DATA, 0x30);

        assertThat(bench.isr(MASTER)).isZero();
        assertThat(bench.pair.masterState().irqBase()).isEqualTo(0x30);
        assertThat(bench.pair.slaveState().initState()).isEqualTo(1);
    }

    private static PicState allClear(int elcrMask) {
        return new PicState(0, 0, 0, 0, 0, 0, false, false, false, 0, false, false, false, false, 0, elcrMask);
    }
}
