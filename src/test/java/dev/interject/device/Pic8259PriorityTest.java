package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.NO_OPERATION;
import static dev.interject.device.PicBench.ROTATE_ON_NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.ROTATE_ON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.SET_PRIORITY;
import static dev.interject.device.PicBench.SPECIFIC_EOI;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259PriorityTest {

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void severalRequests_areDeliveredLowestLineFirst() {
        bench.pulse(7, 3, 5);

        assertThat(pair.acknowledge()).isEqualTo(0x23);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x25);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x27);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.output()).isFalse();
    }

    @Test
    void higherPriority_interruptsTheLower() {
        bench.serve(5);

        assertThat(bench.serve(4)).isEqualTo(0x24);
        assertThat(bench.isr(MASTER)).isEqualTo(0x30);
    }

    @Test
    void lowerPriority_waitsForTheEoi() {
        bench.serve(4);
        bench.pulse(5);
        assertThat(pair.output()).isFalse();

        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(pair.output()).isTrue();
    }

    @Test
    void maskedHigherRequest_doesNotHideTheLower() {
        bench.write(MASTER_DATA, 0x08);
        bench.pulse(3, 5);

        assertThat(pair.acknowledge()).isEqualTo(0x25);
    }

    @Test
    void maskingALevelInService_stillBlocksLowerOnes() {
        bench.serve(4);
        bench.write(MASTER_DATA, 0x10);
        bench.pulse(5);

        assertThat(pair.output()).isFalse();
    }

    @Test
    void nonSpecificEoi_endsTheHighestInService() {
        bench.serve(5);
        bench.serve(3);

        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(bench.isr(MASTER)).isEqualTo(0x20);
    }

    @Test
    void nonSpecificEoiWithNothingInService_changesNothing() {
        PicState before = pair.masterState();

        bench.write(MASTER, ROTATE_ON_NON_SPECIFIC_EOI);
        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(pair.masterState()).isEqualTo(before);
    }

    @Test
    void specificEoi_endsTheLevelItNames() {
        bench.serve(5);
        bench.serve(3);

        bench.write(MASTER, SPECIFIC_EOI | 5);

        assertThat(bench.isr(MASTER)).isEqualTo(0x08);
        assertThat(pair.masterState().priorityAdd()).isZero();
    }

    @Test
    void rotateOnNonSpecificEoi_makesTheEndedLevelTheLowest() {
        bench.serve(4);
        bench.write(MASTER, ROTATE_ON_NON_SPECIFIC_EOI);
        bench.pulse(4, 6, 0);

        assertThat(pair.masterState().priorityAdd()).isEqualTo(5);
        assertThat(pair.acknowledge()).isEqualTo(0x26);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x20);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(pair.acknowledge()).isEqualTo(0x24);
    }

    @Test
    void rotateOnSpecificEoi_endsAndLowersTheLevelItNames() {
        bench.serve(5);
        bench.serve(3);

        bench.write(MASTER, ROTATE_ON_SPECIFIC_EOI | 5);

        assertThat(bench.isr(MASTER)).isEqualTo(0x08);
        assertThat(pair.masterState().priorityAdd()).isEqualTo(6);
    }

    @Test
    void setPriority_makesTheNamedLevelTheLowestAndEndsNothing() {
        bench.serve(5);

        bench.write(MASTER, SET_PRIORITY | 5);

        assertThat(bench.isr(MASTER)).isEqualTo(0x20);
        assertThat(bench.serve(6)).isEqualTo(0x26);
        assertThat(bench.isr(MASTER)).isEqualTo(0x60);
    }

    @Test
    void setPriorityToLevel7_restoresTheFixedOrder() {
        bench.write(MASTER, SET_PRIORITY | 2);
        bench.write(MASTER, SET_PRIORITY | 7);

        bench.pulse(7, 0);

        assertThat(pair.acknowledge()).isEqualTo(0x20);
    }

    @Test
    void rotatedPriorities_decideWhichLevelANonSpecificEoiEnds() {
        bench.serve(1);
        bench.write(MASTER, SET_PRIORITY | 3);
        bench.serve(6);

        bench.write(MASTER, NON_SPECIFIC_EOI);

        assertThat(bench.isr(MASTER)).isEqualTo(0x02);
    }

    @Test
    void noOperation_changesNothing() {
        bench.serve(4);
        PicState before = pair.masterState();

        bench.write(MASTER, NO_OPERATION | 4);

        assertThat(pair.masterState()).isEqualTo(before);
    }
}
