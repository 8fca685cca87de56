package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.Route;
import dev.interject.linux.error.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What --force makes the kernel and the guest do, and that the host stays usable. */
@RequiresKvm
class RunForceTest {

    @Test
    void vectorOnKernelIrqchip_isEnxioAndTheGuestStillTakesALine() {
        RunReport report = Run.on(Irqchip.KERNEL).path(Route.VECTOR).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN)
                .saysWhy("the kernel refused 5 of 5")
                .notes("KVM_INTERRUPT: ENXIO")
                .notes("the guest took an ordinary interrupt of line 10 at vector 0x2a")
                .leavesTheHostInOrder();
        assertThat(report.ledger()).isEqualTo(new Ledger(5, 5, 0, 0, 0, 0));
        assertThat(report.interrupts().status(0)).hasValue(-Errno.ENXIO);
        assertThat(report.interrupts().isTaken(4)).isFalse();
    }

    @Test
    void lineWithoutKernelIrqchip_isEnxioAndTheGuestStillTakesALine() {
        RunReport report = Run.on(Irqchip.USERSPACE).path(Route.LINE).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN)
                .notes("KVM_IRQ_LINE_STATUS: ENXIO")
                .notes("the guest took an ordinary interrupt of line 10 at vector 0x2a")
                .leavesTheHostInOrder();
        assertThat(report.ledger()).isEqualTo(new Ledger(5, 5, 0, 0, 0, 0));
    }

    /**
     * What happens to an interrupt with IF=0 depends on the CPU: some take it, Intel's refuse to enter the guest. In
     * both cases KVM_INTERRUPT accepted it, and the report shows that and the result.
     */
    @ParameterizedTest
    @EnumSource(names = {"DEAF", "SPIN"})
    void vectorIntoClosedGuest_isReportedOnEveryCpu(BuiltinGuest guest) {
        RunReport report = Run.on(Irqchip.USERSPACE).guest(guest).vector(0x41).force().reportAtTimeout();

        assertThat(report.outcome()).isIn(Outcome.TAKEN, Outcome.GUEST_CRASHED, Outcome.TIMED_OUT);
        assertThat(report.ledger().requested()).isPositive();
        assertThat(report.ledger().refused()).isZero();
        assertThatRun(report).notes("KVM_INTERRUPT was accepted")
                .notes("IF=0")
                .notes("KVM_EXIT_FAIL_ENTRY, reason 0x80000021")
                .leavesTheHostInOrder();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void lineIntoEmptyIdt_isATripleFaultWithItsPosition(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.NO_IDT).force().report();

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED)
                .saysWhy("triple fault", "KVM_EXIT_SHUTDOWN")
                .leavesTheHostInOrder();
        // kvm_amd resets the vCPU at a shutdown
        assertThat(report.reason().orElseThrow()).containsPattern("RIP 0x.*sleep|reset vector");
        assertThat(report.ledger().taken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void lineWithoutGate_isAnExceptionWithItsNameAndPosition(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.NO_GATE).force().report();

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED)
                .saysWhy("#NP", "vector 11", "RIP 0x", "sleep")
                .leavesTheHostInOrder();
        // vector << 3 | 2; QEMU 7.2's TCG shifts by 4
        assertThat(report.reason().orElseThrow()).containsPattern("error code 0x(152|2a2)\\b");
        assertThat(report.ledger().taken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void lineOfUnprogrammedPic_arrivesAsAnException(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.NO_PIC).force().report();

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED)
                .saysWhy("vector 2 ", "as if it were the exception NMI")
                .leavesTheHostInOrder();
        assertThat(report.target().vector()).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"0, #DE", "3, #BP", "6, #UD", "31, reserved"})
    void vectorAmongTheExceptions_arrivesAsIfItWereOne(int vector, String mnemonic) {
        RunReport report = Run.on(Irqchip.USERSPACE).vector(vector).force().report();

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED)
                .saysWhy("the injected vector " + vector, mnemonic, "the guest stopped")
                .leavesTheHostInOrder();
    }

    @ParameterizedTest
    @CsvSource({"0, #DE", "4, #OF", "13, #GP", "14, #PF"})
    void exceptionThatTheGuestHasCausedBefore_isAFaultWhenItDidNotCauseIt(int vector, String mnemonic) {
        Run run = Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.EVENTS).vector(vector).force();

        assertThatRun(run.report()).hasOutcome(Outcome.GUEST_CRASHED)
                .saysWhy("the injected vector " + vector, mnemonic, "the guest stopped");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 999, 999999, 999999999})
    void lineThatDoesNotExist_isReportedAsIgnoredByTheKernel(int line) {
        RunReport report = Run.on(Irqchip.KERNEL).line(line).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN)
                .saysWhy("KVM's status", "not accepted", "GSI " + line)
                .lostNothing()
                .leavesTheHostInOrder();
        assertThat(report.interrupts().status(0).orElseThrow()).isNegative();
        assertThat(report.target().vector()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 23})
    void lineThatOnlyTheIoapicHas_isIgnoredWhereTheGuestHasNotOpenedItsPin(int line) {
        RunReport report = Run.on(Irqchip.KERNEL).line(line).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN)
                .saysWhy("KVM's status", "5 of 5 were not accepted", "IOAPIC, pin " + line, "masked")
                .lostNothing()
                .leavesTheHostInOrder();
        assertThat(report.interrupts().status(0).orElseThrow()).isNegative();
    }

    @Test
    void lineThatTheUserspacePairLacks_isRefusedDespiteForce() {
        assertThatRun(Run.on(Irqchip.USERSPACE).line(16).force().report()).refusedAll(5)
                .saysWhy("there is no line 16");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void cascadeLine_warnsAndLeavesTheHostUsable(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).line(2).force().reportAtTimeout(Run::guestWasReady);

        assertThat(report.remarks().warnings()).singleElement().asString().contains("line 2", "the slave 8259");
        assertThat(report.outcome()).isNotIn(Outcome.TAKEN, Outcome.REFUSED);
        assertThatRun(report).leavesTheHostInOrder();
    }

    @Test
    void harmlessPlan_isNotChangedByForce() {
        RunReport report = Run.on(Irqchip.KERNEL).force().report();

        assertThatRun(report).tookAll(5, 0x2a);
        // no warning of Interject; one of KVM's counters exactly if KVM counted a cancelled entry twice
        assertThat(report.remarks().notes())
                .containsExactlyElementsOf(
                        report.observed().counters().disagreement(true).stream().toList());
    }
}
