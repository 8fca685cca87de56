package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run refuses before it injects, and what it waits for. */
@RequiresKvm
class RunRefusalTest {

    @Test
    void vectorOnKernelIrqchip_isRefused() {
        RunReport report = Run.on(Irqchip.KERNEL).path(Route.VECTOR).report();

        assertThatRun(report).refusedAll(5)
                .saysWhy("KVM_INTERRUPT", "the PIC is in the kernel", "ENXIO", "path line");
        assertThat(report.gates().before()).isPresent();
        assertThat(report.observed().position()).isPresent();
    }

    @Test
    void vectorByNumberOnKernelIrqchip_isRefused() {
        assertThatRun(Run.on(Irqchip.KERNEL).vector(0x41).report()).refusedAll(5)
                .saysWhy("KVM_INTERRUPT", "the PIC is in the kernel");
    }

    @Test
    void lineWithoutKernelIrqchip_isRefused() {
        assertThatRun(Run.on(Irqchip.USERSPACE).path(Route.LINE).report()).refusedAll(5)
                .saysWhy("KVM_IRQ_LINE", "no interrupt controller is in the kernel", "ENXIO");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 13, 14, 31})
    void vectorAmongTheExceptions_isRefused(int vector) {
        assertThatRun(Run.on(Irqchip.USERSPACE).vector(vector).report()).refusedAll(5)
                .saysWhy("vector (0x%02x)".formatted(vector), "CPU exceptions");
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 16", "KERNEL, 23", "KERNEL, 24", "KERNEL, 999999999", "USERSPACE, 16", "USERSPACE, 999999999"})
    void lineThatDoesNotExist_isRefusedByNumber(Irqchip irqchip, int line) {
        assertThatRun(Run.on(irqchip).line(line).report()).refusedAll(5)
                .saysWhy("there is no line " + line, "0 to 15");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void cascadeLine_isRefusedNamingItsOwner(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).line(2).report()).refusedAll(5).saysWhy("line 2", "the slave 8259");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 13})
    void levelOnLineThatIsFixedAsEdge_isRefused(int line) {
        assertThatRun(Run.on(Irqchip.KERNEL).line(line).trigger(Trigger.LEVEL).report()).refusedAll(5)
                .saysWhy("line " + line + " cannot be level triggered", "ELCR");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestWithoutProgrammedPic_isRefusedForTheVectorBase(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).guest(BuiltinGuest.NO_PIC).report()).refusedAll(5)
                .saysWhy("slave 8259, vector base", "base 0x00, vector 0x02", "CPU exception");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestWithoutGate_isRefusedForTheVectorWithoutHandler(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).guest(BuiltinGuest.NO_GATE).report()).refusedAll(5)
                .saysWhy("IDT, vector 0x2a", "P = 0", "#NP", "the gate is not present");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestWithEmptyIdt_isRefusedForItsLimit(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).guest(BuiltinGuest.NO_IDT).report()).refusedAll(5)
                .saysWhy("IDT, vector 0x2a", "limit 0x0", "the table ends before this vector", "triple fault");
    }

    @ParameterizedTest
    @EnumSource(names = {"LATE", "DEAF", "SPIN"})
    void closedGuestWithUserspaceIrqchip_isRefusedWithTheAdviceToWait(BuiltinGuest guest) {
        RunReport report = Run.on(Irqchip.USERSPACE).guest(guest).report();

        assertThatRun(report).refusedAll(5).saysWhy("RFLAGS.IF", "IF = 0", "a run can wait");
        assertThat(report.observed().position().orElseThrow().interruptFlag()).isFalse();
    }

    @Test
    void refusalThatIsPermanent_isNotWaitedFor() {
        RunReport report = Run.on(Irqchip.KERNEL).path(Route.VECTOR).await().timeout(Hang.AFTER).report();

        assertThatRun(report).refusedAll(5).saysWhy("KVM_INTERRUPT");
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestThatOpensLate_isWaitedFor(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.LATE).await().timeout(Hang.AFTER).report();
        assertThat(report.gates().before().orElseThrow().firstThatIsNotOpen()).isEmpty();

        assertThatRun(report).tookAll(5, 0x2a);
    }

    @Test
    void closedGuestWithKernelIrqchip_isNotRefused() {
        RunReport report = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.LATE).timeout(Hang.AFTER).report();

        assertThatRun(report).tookAll(5, 0x2a);
    }

    @ParameterizedTest
    @CsvSource({"USERSPACE, DEAF", "USERSPACE, SPIN", "KERNEL, DEAF", "KERNEL, SPIN", "SPLIT, DEAF"})
    void guestThatNeverOpens_isWaitedForUntilTheTimeout(Irqchip irqchip, BuiltinGuest guest) {
        RunReport report = Run.on(irqchip).guest(guest).await().reportAtTimeout(Run::guestWasReady);

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT)
                .saysWhy("the watchdog ended the run after ", "never opened", "RFLAGS.IF", "IF=0")
                .lostNothing();
        assertThat(report.interrupts().size()).isZero();
    }
}
