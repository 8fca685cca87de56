package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which line may interrupt which: by the 8259s' priorities, until the EOI. With every irqchip, so in both 8259s. */
@RequiresKvm
class PriorityTest {

    private static Run withoutEoi(Irqchip irqchip) {
        return Run.on(irqchip).guest(BuiltinGuest.NO_EOI);
    }

    private static Run nesting(Irqchip irqchip) {
        return Run.on(irqchip).guest(BuiltinGuest.NESTED);
    }

    @ParameterizedTest
    @EnumSource
    void higherLine_isTakenBeforeTheEoiOfTheLower(Irqchip irqchip) {
        RunReport report = withoutEoi(irqchip).lines(5, 3).count(2).reportAtTimeout();

        assertThatRun(report).hasOutcome(Outcome.TAKEN).hasLedgerOfLine(5, 1, 0, 0).hasLedgerOfLine(3, 1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void lowerLine_isHeldUntilTheEoiOfTheHigherOne(Irqchip irqchip) {
        RunReport report = withoutEoi(irqchip).lines(5, 6).count(2).reportAtTimeout();

        assertThatRun(report).saysWhy("line 6 held at master 8259, ISR", "no EOI yet")
                .hasLedgerOfLine(5, 1, 0, 0)
                .hasLedgerOfLine(6, 0, 0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void sameLine_isHeldUntilItsEoi(Irqchip irqchip) {
        assertThatRun(withoutEoi(irqchip).line(5).count(2).reportAtTimeout()).saysWhy("ISR 0x20").hasLedger(1, 0, 1);
    }

    /** The slave is at line 2 of the master: its lines have a higher priority than line 3. */
    @ParameterizedTest
    @CsvSource({"KERNEL, 3, 10, 1", "KERNEL, 10, 3, 0", "USERSPACE, 3, 10, 1", "USERSPACE, 10, 3, 0",
        "SPLIT, 3, 10, 1", "SPLIT, 10, 3, 0"})
    void linesOfTheSlave_haveThePriorityOfTheCascade(Irqchip irqchip, int first, int second, int taken) {
        RunReport report = withoutEoi(irqchip).lines(first, second).count(2).reportAtTimeout();

        assertThatRun(report).hasLedgerOfLine(first, 1, 0, 0).hasLedgerOfLine(second, taken, 0, 1 - taken);
    }

    /** Each line three times: one in service, one pending behind it, and one that coalesces with that. */
    @ParameterizedTest
    @EnumSource
    void pulsesBeforeTheEoi_waitOncePerLineAndThenCoalesce(Irqchip irqchip) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.NO_EOI).lines(5, 6, 3).count(9).rate(20);
        RunReport report = run.reportAtTimeout();

        assertThatRun(report).hasLedger(2, 4, 3)
                .hasLedgerOfLine(5, 1, 1, 1)
                .hasLedgerOfLine(6, 0, 2, 1)
                .hasLedgerOfLine(3, 1, 1, 1);
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x25, 1L, 0x23, 1L));
    }

    /** Enough pairs that in some, even on a busy host, line 3 arrives while the handler of line 5 runs. */
    @ParameterizedTest
    @EnumSource
    void higherLine_interruptsTheHandlerOfALowerOne(Irqchip irqchip) {
        RunReport report = nesting(irqchip).lines(5, 3).count(60).rate(100).report();

        assertThatRun(report).notes("handlers ran inside each other, at most 2 deep").accountsForAll(60);
    }

    @ParameterizedTest
    @EnumSource
    void lowerLine_waitsForTheHandlerOfAHigherOne(Irqchip irqchip) {
        RunReport report = nesting(irqchip).lines(3, 5).count(2).rate(200).report();

        assertThatRun(report).notes("at most 1 deep").hasLedgerOfLine(3, 1, 0, 0).hasLedgerOfLine(5, 1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void line_doesNotInterruptItsOwnHandler(Irqchip irqchip) {
        assertThatRun(nesting(irqchip).line(5).count(10).rate(200).report()).notes("at most 1 deep")
                .accountsForAll(10);
    }
}
