package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import dev.interject.ConformanceCondition;
import dev.interject.RequiresConformance;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a host shows whose KVM follows the manuals: the LAPIC's ISR and priorities, and levels at the IOAPIC. */
@RequiresConformance({ConformanceProbe.LAPIC_IN_SERVICE, ConformanceProbe.LAPIC_PRIORITY,
    ConformanceProbe.IOAPIC_RESAMPLE})
class ConformingHostTest {

    private static Run withoutEoi(Irqchip irqchip) {
        return Run.on(irqchip).guest(BuiltinGuest.APIC_NO_EOI).path(Route.LINE);
    }

    static Stream<ConformanceProbe> rulesThatThisHostKeeps() {
        return Stream.of(ConformanceProbe.values()).filter(probe -> !ConformanceCondition.mayDepart(probe));
    }

    @ParameterizedTest
    @MethodSource("rulesThatThisHostKeeps")
    void probe_findsItsRuleKeptEachTime(ConformanceProbe probe) {
        for (int i = 0; i < 5; i++) {
            assertThat(probe.probe()).isInstanceOf(Finding.Kept.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL", "SPLIT"})
    void samePin_isHeldUntilItsEoi(Irqchip irqchip) {
        assertThatRun(withoutEoi(irqchip).line(20).count(2).reportAtTimeout()).saysWhy("LAPIC", "ISR")
                .hasLedger(1, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL", "SPLIT"})
    void lowerVector_isHeldUntilTheEoiOfTheHigherOne(Irqchip irqchip) {
        RunReport report = withoutEoi(irqchip).lines(23, 3).count(2).reportAtTimeout();

        assertThatRun(report).saysWhy("line 3 held at LAPIC")
                .hasLedgerOfLine(23, 1, 0, 0)
                .hasLedgerOfLine(3, 0, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL", "SPLIT"})
    void higherVector_isTakenBeforeTheEoiOfTheLowerOne(Irqchip irqchip) {
        RunReport report = withoutEoi(irqchip).lines(3, 23).count(2).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN).hasLedgerOfLine(3, 1, 0, 0).hasLedgerOfLine(23, 1, 0, 0);
    }

    /** The resample eventfd, which needs the IOAPIC in the kernel, tells the end of each handler. */
    @ParameterizedTest
    @CsvSource({"KERNEL, line", "KERNEL, irqfd", "SPLIT, line"})
    void levelAtTheIoapic_interruptsAgainUntilItIsLowered(Irqchip irqchip, Route path) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.APIC).path(path).trigger(Trigger.LEVEL).line(20);

        assertThatRun(run.hold(3).count(9).report()).hasOutcome(Outcome.TAKEN).hasLedger(9, 0, 0);
    }
}
