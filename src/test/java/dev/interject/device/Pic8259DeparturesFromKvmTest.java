package dev.interject.device;

import static dev.interject.device.PicBench.ICW4_8086;
import static dev.interject.device.PicBench.ICW4_AEOI;
import static dev.interject.device.PicBench.ICW4_SFNM;
import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_BASE;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.POLL;
import static dev.interject.device.PicBench.ROTATE_IN_AUTOMATIC_EOI_SET;
import static dev.interject.device.PicBench.ROTATE_ON_NON_SPECIFIC_EOI;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SPECIAL_MASK_SET;
import static dev.interject.device.PicSubject.NO_INTERRUPT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The departures of Interject's 8259 pair from KVM's, side by side. The numbers are those in {@link Pic8259}.
 *
 * <p>A failure on KVM's side means that this kernel has changed: then Interject has one departure less.
 */
@RequiresKvm
class Pic8259DeparturesFromKvmTest {

    private final PicSubject ours = new InterjectPic();

    @AutoClose
    private final KernelPic kernels = new KernelPic();

    @BeforeEach
    void initialize() {
        both(pic -> pic.initialize(ICW4_8086, ICW4_8086));
    }

    // 1: special mask mode

    @Test
    void specialMaskMode_letsLowerLevelsThroughInInterjectOnly() {
        both(pic -> {
            pic.pulse(3);
            pic.takeInterrupt();
            pic.write(MASTER_DATA, 1 << 3);
            pic.write(MASTER, SPECIAL_MASK_SET);
            pic.pulse(5);
        });

        assertThat(ours.registers()).isEqualTo(kernels.registers());
        assertThat(ourMaster().specialMask()).isTrue();
        assertThat(ours.takeInterrupt()).isEqualTo(MASTER_BASE + 5);
        assertThat(kernels.takeInterrupt()).isEqualTo(NO_INTERRUPT);
    }

    // 2: non-specific EOI in special mask mode

    @Test
    void nonSpecificEoiInSpecialMaskMode_skipsTheMaskedLevelInInterjectOnly() {
        both(pic -> {
            serveLine5ThenLine3(pic);
            pic.write(MASTER_DATA, 1 << 3);
            pic.write(MASTER, SPECIAL_MASK_SET);
            pic.write(MASTER, NON_SPECIFIC_EOI);
        });

        assertThat(ourMaster().isr()).isEqualTo(1 << 3);
        assertThat(kernelsMaster().isr()).isEqualTo(1 << 5);
    }

    @Test
    void rotatingNonSpecificEoiInSpecialMaskMode_rotatesTheLevelThatItEnds() {
        both(pic -> {
            serveLine5ThenLine3(pic);
            pic.write(MASTER_DATA, 1 << 3);
            pic.write(MASTER, SPECIAL_MASK_SET);
            pic.write(MASTER, ROTATE_ON_NON_SPECIFIC_EOI);
        });

        assertThat(ourMaster().priorityAdd()).isEqualTo(6);
        assertThat(kernelsMaster().priorityAdd()).isEqualTo(4);
    }

    private static void serveLine5ThenLine3(PicSubject pic) {
        pic.pulse(5);
        pic.takeInterrupt();
        pic.pulse(3);
        pic.takeInterrupt();
    }

    // 3: a poll is an acknowledge

    @Test
    void poll_putsTheLevelIntoServiceInInterjectOnly() {
        both(pic -> pic.pulse(5));

        assertThat(ours.poll(MASTER)).isEqualTo(0x85);
        assertThat(kernels.poll(MASTER)).isEqualTo(0x85);
        assertThat(ourMaster().isr()).isEqualTo(1 << 5);
        assertThat(kernelsMaster().isr()).isZero();
        assertThat(ourMaster().irr()).isZero();
        assertThat(kernelsMaster().irr()).isZero();
    }

    @Test
    void pollOfALevelTriggeredLine_keepsItsRequestInInterjectOnly() {
        both(pic -> {
            pic.write(MASTER_ELCR, 1 << 5);
            pic.raise(5);
        });

        assertThat(ours.poll(MASTER)).isEqualTo(0x85);
        assertThat(kernels.poll(MASTER)).isEqualTo(0x85);
        assertThat(ourMaster().irr()).isEqualTo(1 << 5);
        assertThat(kernelsMaster().irr()).isZero();
    }

    @Test
    void pollInRotatingAutoEoiMode_rotatesInInterjectOnly() {
        both(pic -> {
            pic.initialize(ICW4_8086 | ICW4_AEOI, ICW4_8086);
            pic.write(MASTER, ROTATE_IN_AUTOMATIC_EOI_SET);
            pic.pulse(5);
            pic.poll(MASTER);
        });

        assertThat(ourMaster().priorityAdd()).isEqualTo(6);
        assertThat(kernelsMaster().priorityAdd()).isZero();
    }

    @Test
    void pollThatFindsTheCascade_putsItIntoServiceInInterjectOnly() {
        both(pic -> pic.pulse(10));

        assertThat(ours.poll(MASTER)).isEqualTo(0x82);
        assertThat(kernels.poll(MASTER)).isEqualTo(0x82);
        assertThat(ourMaster().isr()).isEqualTo(1 << 2);
        assertThat(kernelsMaster().isr()).isZero();
    }

    @Test
    void pollThatFindsNothing_isTheSameInBoth() {
        both(pic -> pic.write(MASTER, POLL));

        assertThat(ours.read(MASTER_DATA)).isEqualTo(0x07);
        assertThat(kernels.read(MASTER_DATA)).isEqualTo(0x07);
        assertThat(ours.registers()).isEqualTo(kernels.registers());
    }

    // 4: polling the slave

    @Test
    void pollOfTheSlave_keepsTheMasterInServiceInInterjectOnly() {
        both(pic -> {
            pic.pulse(10);
            pic.takeInterrupt();
            pic.pulse(9);
        });

        assertThat(ours.poll(SLAVE)).isEqualTo(0x81);
        assertThat(kernels.poll(SLAVE)).isEqualTo(0x81);
        assertThat(ourMaster().isr()).isEqualTo(1 << 2);
        assertThat(kernelsMaster().isr()).isZero();
        assertThat(ourMaster().irr()).isZero();
        assertThat(kernelsMaster().irr()).isZero();
    }

    // 5: single mode

    @Test
    void singleInIcw1_omitsIcw3InInterjectOnly() {
        both(pic -> {
            pic.write(MASTER, CommandBits.ICW1 | CommandBits.ICW1_SNGL | CommandBits.ICW1_IC4);
            pic.write(MASTER_DATA, MASTER_BASE);
            pic.write(MASTER_DATA, ICW4_8086 | ICW4_AEOI);
        });

        assertThat(ourMaster().initState()).isEqualTo(InitializationState.READY.ordinal());
        assertThat(ourMaster().autoEoi()).isTrue();
        assertThat(kernelsMaster().initState()).isEqualTo(InitializationState.ICW4.ordinal());
        assertThat(kernelsMaster().autoEoi()).isFalse();
    }

    // 6: INT follows the registers

    @Test
    void icw1ThatClearsTheRequest_leavesIntHighInKvmOnly() {
        both(pic -> {
            pic.pulse(5);
            pic.write(MASTER, CommandBits.ICW1 | CommandBits.ICW1_IC4);
        });

        assertThat(ours.registers()).isEqualTo(kernels.registers());
        assertThat(ours.takeInterrupt()).isEqualTo(NO_INTERRUPT);
        assertThat(kernels.takeInterrupt()).as("a spurious one").isEqualTo(MASTER_BASE + 7);
    }

    @Test
    void icw1ThatUnmasksARequest_raisesIntInInterjectOnly() {
        both(pic -> {
            pic.write(MASTER_ELCR, 1 << 5);
            pic.write(MASTER_DATA, 1 << 5);
            pic.raise(5);
            pic.write(MASTER, CommandBits.ICW1 | CommandBits.ICW1_IC4);
        });

        assertThat(ours.registers()).isEqualTo(kernels.registers());
        assertThat(ours.takeInterrupt()).isEqualTo(MASTER_BASE + 5);
        assertThat(kernels.takeInterrupt()).isEqualTo(NO_INTERRUPT);
        kernels.lower(0);
        assertThat(kernels.takeInterrupt()).as("after another line made it look").isEqualTo(MASTER_BASE + 5);
    }

    @Test
    void icw4ThatUnblocksTheCascade_raisesIntInInterjectOnly() {
        both(pic -> {
            pic.write(MASTER, CommandBits.ICW1 | CommandBits.ICW1_IC4);
            pic.write(MASTER_DATA, MASTER_BASE);
            pic.write(MASTER_DATA, 1 << 2);
            pic.pulse(10);
            pic.takeInterrupt();
            pic.pulse(9);
            pic.write(MASTER_DATA, ICW4_8086 | ICW4_SFNM);
        });

        assertThat(ours.registers()).isEqualTo(kernels.registers());
        assertThat(ours.takeInterrupt()).isEqualTo(PicBench.SLAVE_BASE + 1);
        assertThat(kernels.takeInterrupt()).isEqualTo(NO_INTERRUPT);
        kernels.lower(0);
        assertThat(kernels.takeInterrupt()).as("after another line made it look").isEqualTo(PicBench.SLAVE_BASE + 1);
    }

    // 7: special fully nested mode

    @Test
    void specialFullyNestedMode_letsLowerLevelsOfTheMasterThroughInKvmOnly() {
        both(pic -> {
            pic.initialize(ICW4_8086 | ICW4_SFNM, ICW4_8086);
            pic.pulse(9);
            pic.takeInterrupt();
            pic.pulse(5);
        });

        assertThat(ours.registers()).isEqualTo(kernels.registers());
        assertThat(ours.takeInterrupt()).isEqualTo(NO_INTERRUPT);
        assertThat(kernels.takeInterrupt()).isEqualTo(MASTER_BASE + 5);
    }

    @Test
    void specialFullyNestedMode_letsTheSlaveNestInBoth() {
        both(pic -> {
            pic.initialize(ICW4_8086 | ICW4_SFNM, ICW4_8086);
            pic.pulse(12);
            pic.takeInterrupt();
            pic.pulse(9);
        });

        assertThat(ours.takeInterrupt()).isEqualTo(PicBench.SLAVE_BASE + 1);
        assertThat(kernels.takeInterrupt()).isEqualTo(PicBench.SLAVE_BASE + 1);
    }

    private void both(Consumer<PicSubject> steps) {
        steps.accept(ours);
        steps.accept(kernels);
    }

    private PicState ourMaster() {
        return ours.registers().master();
    }

    private PicState kernelsMaster() {
        return kernels.registers().master();
    }
}
