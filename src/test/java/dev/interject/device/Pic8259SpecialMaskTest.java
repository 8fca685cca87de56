package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.READ_ISR;
import static dev.interject.device.PicBench.ROTATE_ON_NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static dev.interject.device.PicBench.SPECIAL_MASK_RESET;
import static dev.interject.device.PicBench.SPECIAL_MASK_SET;
import static dev.interject.device.PicBench.SPECIFIC_EOI;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259SpecialMaskTest {

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void maskedLevelInService_letsLowerOnesThrough() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.write(MASTER, SPECIAL_MASK_SET);

        assertThat(bench.serve(6)).isEqualTo(0x26);
        assertThat(bench.isr(MASTER)).isEqualTo(0x50);
    }

    @Test
    void settingTheMode_raisesIntForAPendingRequest() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.pulse(6);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER, SPECIAL_MASK_SET);

        assertThat(pair.output()).isTrue();
    }

    @Test
    void unmaskedLevelInService_stillBlocksLowerOnes() {
        bench.serve(4);
        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.pulse(6);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void maskedLevel_isItselfInhibited() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.pulse(4);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void leavingTheMode_blocksAgain() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.pulse(6);

        bench.write(MASTER, SPECIAL_MASK_RESET);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void smmWithoutEsmm_changesNothing() {
        bench.write(MASTER, 0x28);
        assertThat(pair.masterState().specialMask()).isFalse();

        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.write(MASTER, READ_ISR);

        assertThat(pair.masterState().specialMask()).isTrue();
    }

    @Test
    void nonSpecificEoi_skipsMaskedLevels() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.write(MASTER, SPECIAL_MASK_SET);
        bench.serve(6);

        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(bench.isr(MASTER)).isEqualTo(0x10);

        bench.write(MASTER, ROTATE_ON_NON_SPECIFIC_EOI);
        assertThat(bench.isr(MASTER)).isEqualTo(0x10);
        assertThat(pair.masterState().priorityAdd()).isZero();
    }

    @Test
    void specificEoi_endsAMaskedLevel() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.write(MASTER, SPECIAL_MASK_SET);

        bench.write(MASTER, SPECIFIC_EOI | 4);

        assertThat(bench.isr(MASTER)).isZero();
    }

    @Test
    void settingTheModeInTheSlave_reachesTheMasterAtOnce() {
        bench.serve(10);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        bench.write(SLAVE_DATA, 0x04);
        bench.pulse(12);
        assertThat(pair.output()).isFalse();

        bench.write(SLAVE, SPECIAL_MASK_SET);

        assertThat(pair.acknowledge()).isEqualTo(0x2c);
    }
}
