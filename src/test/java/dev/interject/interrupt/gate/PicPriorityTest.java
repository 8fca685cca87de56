package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.SLAVE_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where KVM's 8259 departs from the 8259A data sheet: its gate says so. Interject's own 8259 does not depart there. */
class PicPriorityTest {

    private static final PicState SLAVE = pic(SLAVE_BASE, 0, 0);

    private static Gate gate(Irqchip irqchip, PicState master, PicState slave, int line, String place) {
        GuestStateSample sample = open().on(irqchip).master(master).slave(slave);
        GatePath path = irqchip == Irqchip.KERNEL
                ? Gates.ofKernelLine(sample.state(), Route.LINE, line, Trigger.EDGE)
                : Gates.ofUserspaceLine(sample.state(), line, Trigger.EDGE);
        return path.gates().stream().filter(gate -> gate.place().equals(place)).findFirst().orElseThrow();
    }

    private static Gate masterIsr(Irqchip irqchip, PicState master, int line) {
        return gate(irqchip, master, SLAVE, line, line < 8 ? "master 8259, ISR" : "master 8259, cascade, ISR");
    }

    /** Data sheet, "Special Mask Mode". */
    @Test
    void maskedLevelInService_holdsInSpecialMaskModeInKvmOnly() {
        PicState master = pic(MASTER_BASE, 1 << 3, 1 << 3).withSpecialMask(true);

        assertThat(masterIsr(Irqchip.KERNEL, master, 5)).satisfies(gate -> {
            assertThat(gate.verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(gate.departure()).contains("special mask mode", "data sheet (\"Special Mask Mode\")");
        });
        assertThat(masterIsr(Irqchip.USERSPACE, master, 5)).satisfies(gate -> {
            assertThat(gate.isOpen()).isTrue();
            assertThat(gate.departure()).isEmpty();
        });
    }

    /** The mode makes no difference to a level that is not masked, or that has a lower priority. */
    @ParameterizedTest
    @CsvSource({"0, 8, 5", "8, 8, 1"})
    void specialMaskModeThatMakesNoDifference_isNoDeparture(int imr, int isr, int line) {
        PicState master = pic(MASTER_BASE, imr, isr).withSpecialMask(true);

        assertThat(masterIsr(Irqchip.KERNEL, master, line).departure()).isEmpty();
    }

    /** Data sheet, "The Special Fully Nested Mode": similar to the normal nested mode, except for the slave itself. */
    @ParameterizedTest
    @CsvSource({"3", "7"})
    void inputBelowTheSlaveInService_isHeldInSpecialFullyNestedModeByInterjectOnly(int line) {
        PicState master = pic(MASTER_BASE, 0, 1 << 2).withSpecialFullyNested(true);

        assertThat(masterIsr(Irqchip.KERNEL, master, line)).satisfies(gate -> {
            assertThat(gate.isOpen()).isTrue();
            assertThat(gate.departure()).contains("data sheet (\"The Special Fully Nested Mode\")");
        });
        assertThat(masterIsr(Irqchip.USERSPACE, master, line)).satisfies(gate -> {
            assertThat(gate.verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(gate.departure()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({"1", "9"})
    void slaveAndHigherInputs_passInSpecialFullyNestedModeInBoth(int line) {
        PicState master = pic(MASTER_BASE, 0, 1 << 2).withSpecialFullyNested(true);

        assertThat(masterIsr(Irqchip.KERNEL, master, line)).returns(true, Gate::isOpen).returns("", Gate::departure);
        assertThat(masterIsr(Irqchip.USERSPACE, master, line)).returns(true, Gate::isOpen);
    }

    /** Data sheet, "The Special Fully Nested Mode": it is programmed to the master. */
    @Test
    void specialFullyNestedSlave_isAPlainOne() {
        PicState slave = pic(SLAVE_BASE, 0, 1 << 2).withSpecialFullyNested(true);

        assertThat(gate(Irqchip.KERNEL, pic(MASTER_BASE, 0, 0), slave, 11, "slave 8259, ISR"))
                .returns(Verdict.HOLDS, Gate::verdict)
                .returns("", Gate::departure);
    }

    /** Data sheet, "Automatic End of Interrupt (AEOI) Mode": in a slave only from 1985 on. */
    @Test
    void automaticEoiOfASlave_isADepartureOfKvm() {
        PicState slave = SLAVE.withAutoEoi(true);
        PicState master = pic(MASTER_BASE, 0, 0);

        assertThat(gate(Irqchip.KERNEL, master, slave, 10, "slave 8259, ISR").departure())
                .contains("(\"Automatic End of Interrupt (AEOI) Mode\")");
        assertThat(gate(Irqchip.USERSPACE, master, slave, 10, "slave 8259, ISR").departure()).isEmpty();
        assertThat(gate(Irqchip.KERNEL, master.withAutoEoi(true), SLAVE, 10, "slave 8259, ISR").departure()).isEmpty();
        assertThat(gate(Irqchip.KERNEL, master.withAutoEoi(true), SLAVE, 5, "master 8259, ISR").departure()).isEmpty();
    }

    /** Data sheet, "Poll Command". */
    @Test
    void pendingPoll_isAnAcknowledgeByTheDataSheetOnly() {
        PicState polled = new PicState(0, 0, 0, 0, 0, MASTER_BASE, false, true, false, 0, false, false, false, true, 0,
                0xf8);

        assertThat(gate(Irqchip.KERNEL, polled, SLAVE, 5, "master 8259, IRR").departure())
                .contains("(\"Poll Command\")");
        assertThat(gate(Irqchip.USERSPACE, polled, SLAVE, 5, "master 8259, IRR").departure()).isEmpty();
    }

    /** Data sheet, "Initialization Command Words": with IC4=0, all functions selected in ICW4 are set to zero. */
    @Test
    void chipWithoutIcw4_isNotIn8086ModeByTheDataSheet() {
        PicState without = new PicState(0, 0, 0, 0, 0, MASTER_BASE, false, false, false, 0, false, false, false, false,
                0, 0xf8);

        assertThat(gate(Irqchip.KERNEL, without, SLAVE, 5, "master 8259, vector base").departure()).contains("ICW4");
        assertThat(gate(Irqchip.KERNEL, pic(MASTER_BASE, 0, 0), SLAVE, 5, "master 8259, vector base").departure())
                .isEmpty();
    }

    /** Data sheet, "Edge and Level Triggered Modes": an input that goes low before INTA gives a default IR7. */
    @Test
    void spuriousInterruptOfASlave_isOneOfTheMasterByTheDataSheet() {
        PicState level = SLAVE.withElcr(1 << 2);

        assertThat(gate(Irqchip.KERNEL, pic(MASTER_BASE, 0, 0), level, 10, "slave 8259, wire"))
                .returns(Verdict.MISROUTED, Gate::verdict)
                .extracting(Gate::departure)
                .asString()
                .contains("(\"Edge and Level Triggered Modes\")");
    }

    /** Rotation changes nothing that the data sheet says: "Automatic Rotation (Equal Priority Devices)". */
    @Test
    void rotationInAutomaticEoiMode_isNoDeparture() {
        PicState rotating = new PicState(0, 0, 0, 0, 6, MASTER_BASE, false, false, false, 0, true, true, false, true, 0,
                0xf8);

        assertThat(masterIsr(Irqchip.KERNEL, rotating, 5)).returns(true, Gate::isOpen).returns("", Gate::departure);
    }
}
