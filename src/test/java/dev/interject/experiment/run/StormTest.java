package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts faster than the guest takes them: which coalesce, which stay pending, and that none is lost. */
@RequiresKvm
class StormTest {

    /** Paths whose interrupts the LAPIC coalesces without a status. */
    static Stream<Arguments> pathsWithoutStatus() {
        return Stream.of(Irqchip.KERNEL, Irqchip.SPLIT)
                .flatMap(irqchip -> Route.of(BuiltinGuest.APIC)
                        .stream()
                        .filter(path -> path != Route.IPI)
                        .map(path -> Arguments.of(irqchip, path)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void pulsesIntoAClosedGuest_waitOnceAndCoalesceOtherwise(int threads) {
        Run run = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.DEAF).count(1000).burst(1000).threads(threads);
        RunReport report = run.reportAtTimeout();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("RFLAGS.IF").hasLedger(0, 999, 1);
        assertThat(report.observed().handlers()).isEmpty();
    }

    @Test
    void signalsOfAnEventfdIntoAClosedGuest_waitOnceAndCoalesceOtherwise() {
        Run run = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.DEAF).path(Route.IRQFD).count(1000).burst(1000).threads(4);

        assertThatRun(run.reportAtTimeout()).hasOutcome(Outcome.TIMED_OUT).hasLedger(0, 999, 1);
    }

    /** On a slow host the guest opens before the last pulse, and takes more than one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void pulsesIntoAGuestThatOpensLate_coalesceUntilItOpens(int threads) {
        Run run = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.LATE).count(1000).burst(1000).threads(threads);
        RunReport report = run.report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("of 1,000 coalesced").accountsForAll(1000);
        assertThat(report.ledger().taken()).isPositive();
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x2a, report.ledger().taken()));
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 1", "KERNEL, 4", "USERSPACE, 1", "USERSPACE, 4", "SPLIT, 1", "SPLIT, 4"})
    void pulsesWhileAHandlerWorks_coalesceAndAreAllAccountedFor(Irqchip irqchip, int threads) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.SLOW).count(1000).burst(1000).threads(threads);
        RunReport report = run.report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("of 1,000 coalesced").accountsForAll(1000);
        assertThat(report.observed().handlers()).containsOnlyKeys(0x2a);
    }

    @ParameterizedTest
    @MethodSource("pathsWithoutStatus")
    void burstToALapic_isTakenOnce(Irqchip irqchip, Route path) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.APIC).path(path).count(500).burst(50).threads(4);
        RunReport report = run.report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("490 of 500 coalesced").hasLedger(10, 490, 0);
        assertThat(report.observed().handlers()).hasSize(1).containsValue(10L);
    }

    @ParameterizedTest
    @MethodSource("pathsWithoutStatus")
    void stormAtAFixedRate_isAccountedForWhateverTheLapicMerges(Irqchip irqchip, Route path) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.APIC).path(path).count(300).rate(20_000).burst(3);

        assertThatRun(run.report()).accountsForAll(300);
    }

    @ParameterizedTest
    @EnumSource
    void stormAtAFixedRateOnASlowHandler_isAccountedFor(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.SLOW).count(200).rate(1000).report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).accountsForAll(200);
        assertThat(report.ledger().coalesced()).isPositive();
    }

    /** How many coalesce depends on how fast the host is. */
    @ParameterizedTest
    @EnumSource
    void nmisInAnNmiHandler_areAccountedFor(Irqchip irqchip) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.SLOW).path(Route.NMI).count(4).rate(1000);
        RunReport report = run.report();

        assertThatRun(report).accountsForAll(4);
        assertThat(report.observed().handlers()).containsOnlyKeys(2);
    }

    /** Two can be pending while NMIs are not masked. */
    @ParameterizedTest
    @EnumSource
    void simultaneousNmis_areTakenTwice(Irqchip irqchip) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.NMI).path(Route.NMI).count(10).burst(10).threads(2);

        assertThatRun(run.report()).saysWhy("8 of 10 coalesced").hasLedger(2, 8, 0);
    }

    @ParameterizedTest
    @CsvSource({"USERSPACE, PIC, 1", "USERSPACE, PIC, 4", "USERSPACE, BUSY, 4", "SPLIT, PIC, 4", "SPLIT, BUSY, 4"})
    void rawVectors_neverCoalesce(Irqchip irqchip, BuiltinGuest guest, int threads) {
        Run run = Run.on(irqchip).guest(guest).path(Route.VECTOR).vector(0x41).count(500).burst(500).threads(threads);

        assertThatRun(run.await().report()).tookAll(500, 0x41);
    }

    @ParameterizedTest
    @CsvSource({"APIC, line", "APIC, irqfd", "PIC, irqfd"})
    void alternatingLinesInABurst_areTakenOnceEach(BuiltinGuest guest, Route path) {
        Run run = Run.on(Irqchip.KERNEL).guest(guest).path(path).lines(3, 10, 11).count(16).burst(8).threads(3);

        assertThatRun(run.report()).hasLedger(6, 10, 0)
                .hasLedgerOfLine(3, 2, 4, 0)
                .hasLedgerOfLine(10, 2, 3, 0)
                .hasLedgerOfLine(11, 2, 3, 0);
    }

    @ParameterizedTest
    @EnumSource
    void alternatingLinesOfThe8259s_areAccountedFor(Irqchip irqchip) {
        RunReport report = Run.on(irqchip).guest(BuiltinGuest.SLOW).lines(3, 5, 10).count(27).burst(9).report();

        assertThatRun(report).accountsForAll(27);
        assertThat(report.account().byLine()).containsOnlyKeys(3, 5, 10).allSatisfy((line, ledger) -> {
            assertThat(ledger.requested()).isEqualTo(9);
            assertThat(ledger.taken()).isEqualTo(report.observed().handlers().get(0x20 + line)).isPositive();
            assertThat(ledger.lost()).isZero();
        });
    }

    @Test
    void messagesThatTheLapicIgnores_areAllRefused() {
        RunReport report =
                Run.on(Irqchip.KERNEL).guest(BuiltinGuest.PIC).path(Route.MSI).count(6).burst(3).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN)
                .saysWhy("KVM's status", "6 of 6 were not accepted", "LAPIC, SVR")
                .lostNothing();
        assertThat(report.ledger().refused()).isEqualTo(6);
    }
}
