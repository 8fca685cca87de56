package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that the watchdog ends. */
@RequiresKvm
class RunEndTest {

    @ParameterizedTest
    @CsvSource({"DEAF, asleep, ', halted'", "SPIN, spinning, IF=0"})
    void closedGuest_timesOutWithItsPosition(BuiltinGuest guest, String symbol, String state) {
        RunReport report = Run.on(Irqchip.KERNEL).guest(guest).reportAtTimeout(one -> one.interrupts().size() == 1);

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT)
                .saysWhy("watchdog", "RFLAGS.IF", "IF = 0", "RIP 0x", symbol, "IF=0", state)
                .leavesTheHostInOrder();
        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 1, 0));
        assertThat(report.ledger().lost()).isZero();
        assertThat(report.observed().position().orElseThrow().interruptFlag()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void timeoutDuringTheRun_accountsForEveryInterruptUntilThen(Irqchip irqchip) {
        Run run = Run.on(irqchip).count(1_000_000).interval(Duration.ofMillis(1));
        RunReport report = run.reportAtTimeout(one -> one.ledger().taken() > 0);

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("watchdog").lostNothing();
        assertThat(report.ledger().taken()).isBetween(1L, 999_999L);
        assertThat(report.ledger().taken()).isEqualTo(takenInTheLog(report));
    }

    @ParameterizedTest
    @EnumSource
    void intervalBeyondTheTimeout_endsAtTheTimeout(Irqchip irqchip) {
        Run run = Run.on(irqchip).count(2).interval(Hang.AFTER.multipliedBy(3));
        RunReport report = run.reportAtTimeout(one -> one.ledger().taken() > 0);

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("watchdog", "1 of 2 were injected");
    }

    @ParameterizedTest
    @CsvSource({"PIC, line, 1", "APIC, msi, 1", "APIC, irqfd, 4"})
    void burstBeyondTheTimeout_endsAtTheTimeoutAndIsAccountedFor(BuiltinGuest guest, Route path, int threads) {
        Run run = Run.on(Irqchip.KERNEL).guest(guest).path(path).count(2_000_000).burst(100_000).threads(threads);
        RunReport report = run.timeout(Duration.ofMillis(300)).report();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).lostNothing();
        assertThat(report.ledger().requested()).isLessThan(2_000_000).isEqualTo(report.interrupts().size());
    }

    /** The guest's handlers are slow, so most of a burst coalesces. */
    @Test
    void timeoutAmongCoalescedInterrupts_countsTakenAndCoalesced() {
        Run run = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.SLOW).count(1_000_000).burst(10);
        RunReport report = run.reportAtTimeout(one -> one.ledger().coalesced() > 0);

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT)
                .lostNothing()
                .saysWhy("%,d taken, %,d coalesced".formatted(report.ledger().taken(), report.ledger().coalesced()));
    }

    private static long takenInTheLog(RunReport report) {
        InterruptLog log = report.interrupts();
        return IntStream.range(0, log.size()).filter(log::isTaken).count();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void timeoutBeforeTheGuestIsReady_reportsThePositionOfTheGuest(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).timeout(Duration.ofNanos(1)).report();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT)
                .saysWhy("did not report in time that it is ready", "RIP 0x");
        assertThat(report.observed().position()).isPresent();
        assertThat(report.interrupts().size()).isZero();
    }

    @Test
    void defaultTimeout_growsWithCountAndInterval() {
        RunPlan usual = RunPlan.on(Irqchip.KERNEL);
        Duration one = usual.with(Pace.oneByOne(1)).effectiveTimeout();
        Duration many = usual.with(new Pace(1000, Duration.ofMillis(20), 1, OptionalInt.empty(), 1, 1))
                .effectiveTimeout();

        assertThat(one).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(many).isGreaterThan(Duration.ofSeconds(20).plus(one));
    }

    @Test
    void longestIntervalAndHighestCount_giveAValidTimeout() {
        RunReport report = Run.on(Irqchip.KERNEL)
                .path(Route.VECTOR)
                .count(10_000_000)
                .interval(Duration.ofDays(1))
                .report();

        assertThatRun(report).refusedAll(10_000_000);
    }
}
