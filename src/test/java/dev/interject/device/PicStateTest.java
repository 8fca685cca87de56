package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.SLAVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicStateTest {

    private static final PicState EVERYTHING_SET = new PicState(0xff, 0x7f, 0x3f, 0x1f, 7, 0xf8, true, true, true, 3,
            true, true, true, true, 0xf0, 0xf8);
    private static final PicState QUIET = new PicState(1, 0, 2, 0, 3, 0x70, false, false, false, 0, false, false,
            false, false, 4, 0xde);

    @Test
    void restoredPair_hasTheSameStates() {
        Pic8259Pair pair = new Pic8259Pair();

        pair.restore(EVERYTHING_SET, QUIET);

        assertThat(pair.masterState()).isEqualTo(EVERYTHING_SET);
        assertThat(pair.slaveState()).isEqualTo(QUIET);
    }

    @Test
    void eachFlag_isKeptInItsOwnField() {
        Pic8259Pair pair = new Pic8259Pair();
        PicState oneByOne = new PicState(1, 2, 4, 8, 5, 0x10, true, false, true, 1, false, true, false, true, 0x20,
                0x40);
        PicState theOthers = new PicState(0, 0, 0, 0, 0, 0, false, true, false, 2, true, false, true, false, 0, 0);

        pair.restore(oneByOne, theOthers);

        assertThat(pair.masterState()).isEqualTo(oneByOne);
        assertThat(pair.slaveState()).isEqualTo(theOthers);
    }

    @Test
    void restoredPair_continuesFromTheState() {
        PicBench original = PicBench.initialized();
        original.serve(5);
        original.pulse(12, 3);
        original.write(SLAVE, 0x0b);
        PicBench copy = new PicBench();

        copy.pair.restore(original.pair.masterState(), original.pair.slaveState());

        assertThat(copy.pair.acknowledge()).isEqualTo(0x2c);
        assertThat(copy.read(SLAVE)).isEqualTo(0x10);
        copy.write(SLAVE, 0x20);
        copy.write(MASTER, 0x20);
        assertThat(copy.pair.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void restoredDuringInitialization_takesTheNextWord() {
        PicBench original = new PicBench();
        original.write(MASTER, 0x11);
        original.write(MASTER_DATA, 0x30);
        PicBench copy = new PicBench();

        copy.pair.restore(original.pair.masterState(), original.pair.slaveState());
        copy.write(MASTER_DATA, 0x04);
        copy.write(MASTER_DATA, 0x03);

        assertThat(copy.pair.masterState().autoEoi()).isTrue();
        assertThat(copy.pair.masterState().initState()).isZero();
    }

    @Test
    void restoredSlaveRequest_reachesTheMaster() {
        PicBench original = PicBench.initialized();
        PicState quietMaster = original.pair.masterState();
        original.pulse(10);
        PicBench copy = new PicBench();

        copy.pair.restore(quietMaster, original.pair.slaveState());

        assertThat(copy.pair.acknowledge()).isEqualTo(0x2a);
    }

    @Test
    void snapshot_doesNotChangeWithTheChip() {
        PicBench bench = PicBench.initialized();
        PicState before = bench.pair.masterState();

        bench.pulse(5);

        assertThat(before.irr()).isZero();
    }

    @Test
    void fieldOutOfRange_isRefusedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> withInitState(4))
                .withMessage("initState must have no bits other than 0x3, not 0x4");
        assertThatIllegalArgumentException().isThrownBy(() -> withInitState(-1)).withMessageContaining("initState");
        assertThatIllegalArgumentException().isThrownBy(() -> withIrqBase(0x21)).withMessageContaining("irqBase");
        assertThatIllegalArgumentException().isThrownBy(() -> withIrqBase(0x108)).withMessageContaining("irqBase");
    }

    @ParameterizedTest
    @CsvSource({"lastIrr, 0x100, 0, 0, 0, 0, 0, 0", "irr, 0, 0x100, 0, 0, 0, 0, 0", "imr, 0, 0, 0x100, 0, 0, 0, 0",
        "isr, 0, 0, 0, 0x100, 0, 0, 0", "priorityAdd, 0, 0, 0, 0, 0x8, 0, 0", "elcr, 0, 0, 0, 0, 0, 0x100, 0",
        "elcrMask, 0, 0, 0, 0, 0, 0, 0x100"})
    void registerOutOfRange_isRefusedByName(String field, int lastIrr, int irr, int imr, int isr, int priorityAdd,
            int elcr, int elcrMask) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PicState(lastIrr, irr, imr, isr, priorityAdd, 0, false, false, false, 0, false,
                        false, false, false, elcr, elcrMask))
                .withMessageStartingWith(field + " must have no bits other than 0x");
    }

    private static PicState withInitState(int initState) {
        return new PicState(0, 0, 0, 0, 0, 0, false, false, false, initState, false, false, false, false, 0, 0);
    }

    private static PicState withIrqBase(int irqBase) {
        return new PicState(0, 0, 0, 0, 0, irqBase, false, false, false, 0, false, false, false, false, 0, 0);
    }
}
