package dev.interject.device;

import static dev.interject.device.PicBench.ICW4_8086;
import static dev.interject.device.PicBench.ICW4_AEOI;
import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.POLL;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_SET;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Pic8259PollTest {

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void pendingRequest_isReturnedAndPutIntoService() {
        bench.pulse(5);

        assertThat(bench.poll(MASTER)).isEqualTo(0x85);
        assertThat(bench.isr(MASTER)).isEqualTo(0x20);
        assertThat(bench.irr(MASTER)).isZero();
        assertThat(pair.output()).isFalse();
    }

    @Test
    void noRequest_readsBit7Clear() {
        assertThat(bench.poll(MASTER)).isEqualTo(0x07);
        assertThat(bench.isr(MASTER)).isZero();
    }

    @Test
    void lowerThanInService_isNotReturned() {
        bench.serve(3);
        bench.pulse(5);

        assertThat(bench.poll(MASTER)).isEqualTo(0x07);
    }

    @Test
    void severalRequests_areReturnedInOrderOfPriority() {
        bench.pulse(6, 5);

        assertThat(bench.poll(MASTER)).isEqualTo(0x85);
        bench.write(MASTER, NON_SPECIFIC_EOI);
        assertThat(bench.poll(MASTER)).isEqualTo(0x86);
    }

    @Test
    void oneCommand_answersOneRead() {
        bench.pulse(5);
        bench.poll(MASTER);

        assertThat(bench.read(MASTER)).isZero();
        assertThat(pair.masterState().poll()).isFalse();
    }

    @Test
    void readOfTheDataPort_isAnsweredToo() {
        bench.pulse(5);
        bench.write(MASTER, POLL);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0x85);
        assertThat(bench.read(MASTER_DATA)).isZero();
    }

    @Test
    void wideRead_leavesThePollPending() {
        bench.pulse(5);
        bench.write(MASTER, POLL);

        assertThat(pair.read(MASTER, 2)).isZero();
        assertThat(bench.read(MASTER)).isEqualTo(0x85);
    }

    @Test
    void pollTogetherWithReadIsr_pollsFirstAndReadsTheIsrNext() {
        bench.pulse(5);
        bench.write(MASTER, 0x0f);

        assertThat(bench.read(MASTER)).isEqualTo(0x85);
        assertThat(bench.read(MASTER)).isEqualTo(0x20);
    }

    @Test
    void levelTriggeredLineStillHigh_keepsItsRequest() {
        bench.write(MASTER_ELCR, 0x20);
        pair.setLine(5, true);
        bench.poll(MASTER);

        assertThat(bench.irr(MASTER)).isEqualTo(0x20);
        assertThat(bench.isr(MASTER)).isEqualTo(0x20);
    }

    @Test
    void autoEoi_endsAndRotatesAtOnce() {
        PicBench automatic = PicBench.initialized(ICW4_8086 | ICW4_AEOI, ICW4_8086);
        automatic.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
        automatic.pulse(5);

        assertThat(automatic.poll(MASTER)).isEqualTo(0x85);
        assertThat(automatic.isr(MASTER)).isZero();
        assertThat(automatic.pair.masterState().priorityAdd()).isEqualTo(6);
    }

    @Test
    void masterWithACascadeRequest_returnsLevel2AndDoesNotPollTheSlave() {
        bench.pulse(10);

        assertThat(bench.poll(MASTER)).isEqualTo(0x82);
        assertThat(bench.isr(MASTER)).isEqualTo(0x04);
        assertThat(bench.irr(MASTER)).isZero();
        assertThat(bench.irr(SLAVE)).isEqualTo(0x04);
        assertThat(bench.isr(SLAVE)).isZero();

        assertThat(bench.poll(SLAVE)).isEqualTo(0x82);
        assertThat(bench.isr(SLAVE)).isEqualTo(0x04);
        assertThat(bench.isr(MASTER)).isEqualTo(0x04);
    }

    @Test
    void slaveAlone_withdrawsItsRequestFromTheMaster() {
        bench.pulse(10);

        assertThat(bench.poll(SLAVE)).isEqualTo(0x82);
        assertThat(bench.irr(MASTER)).isZero();
        assertThat(bench.isr(MASTER)).isZero();
        assertThat(pair.output()).isFalse();
    }

    @Test
    void slaveWithAnotherRequest_requestsAgainAfterItsEoi() {
        bench.pulse(10, 12);
        bench.poll(SLAVE);
        assertThat(pair.output()).isFalse();

        bench.write(SLAVE, NON_SPECIFIC_EOI);

        assertThat(pair.acknowledge()).isEqualTo(0x2c);
    }

    @Test
    void slaveInAutoEoiWithAnotherRequest_requestsAgainAtOnce() {
        PicBench automatic = PicBench.initialized(ICW4_8086, ICW4_8086 | ICW4_AEOI);
        automatic.pulse(10, 12);
        automatic.write(SLAVE, POLL);

        assertThat(automatic.read(SLAVE_DATA)).isEqualTo(0x82);
        assertThat(automatic.pair.acknowledge()).isEqualTo(0x2c);
    }

    @Test
    void pollThatFindsNothing_repeatsTheSlavesRequest() {
        bench.pulse(10);
        bench.write(MASTER, 0x10);

        assertThat(bench.poll(MASTER)).isEqualTo(0x07);
        assertThat(bench.irr(MASTER)).isEqualTo(0x04);
    }

    @Test
    void pollThatFindsALineOfTheMaster_repeatsTheSlavesRequest() {
        bench.write(MASTER_ELCR, 0x20);
        pair.setLine(5, true);
        bench.pulse(10);
        bench.write(MASTER, 0x10);

        assertThat(bench.poll(MASTER)).isEqualTo(0x85);
        assertThat(bench.irr(MASTER)).isEqualTo(0x24);
    }
}
