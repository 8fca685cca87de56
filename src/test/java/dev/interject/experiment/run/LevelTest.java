package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;

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

/** A level-triggered device that holds its line until its handler has run a number of times. */
@RequiresKvm
class LevelTest {

    private static Run level(Irqchip irqchip, Route path) {
        return Run.on(irqchip).guest(BuiltinGuest.PIC).path(path).trigger(Trigger.LEVEL);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, line", "KERNEL, irqfd", "USERSPACE, vector", "SPLIT, vector"})
    void heldLevel_interruptsAgainUntilItIsReleased(Irqchip irqchip, Route path) {
        RunReport report = level(irqchip, path).hold(3).count(9).report();

        assertThatRun(report).tookAll(9, 0x2a);
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x2a, 9L));
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, line", "KERNEL, irqfd", "USERSPACE, vector", "SPLIT, vector"})
    void heldLevelWithARemainder_endsWithAShorterHold(Irqchip irqchip, Route path) {
        assertThatRun(level(irqchip, path).hold(4).count(6).report()).tookAll(6, 0x2a);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, line", "KERNEL, irqfd", "USERSPACE, vector", "SPLIT, vector"})
    void alternatingLevels_areHeldOneAtATime(Irqchip irqchip, Route path) {
        RunReport report = level(irqchip, path).lines(5, 11).hold(2).count(8).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN).hasLedgerOfLine(5, 4, 0, 0).hasLedgerOfLine(11, 4, 0, 0);
    }

    /** Each handler works for a while, so one handler's time is far less than that of the four before it. */
    @Test
    void latencyOfAHeldLevel_countsFromThePreviousHandler() {
        Run run = level(Irqchip.KERNEL, Route.LINE).guest(BuiltinGuest.SLOW).hold(5).count(5);
        InterruptLog log = run.report().interrupts();

        assertThat(log.latency(4)).isLessThan(IntStream.range(0, 4).mapToLong(log::latency).sum());
    }

    @ParameterizedTest
    @EnumSource
    void edge_cannotBeHeld(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).hold(3).report()).refusedAll(5)
                .saysWhy("an edge has no duration", "hold needs a level");
    }

    @Test
    void levelInABurst_isRefused() {
        Run run = Run.on(Irqchip.KERNEL).trigger(Trigger.LEVEL).count(4).burst(2);

        assertThatRun(run.report()).refusedAll(4).saysWhy("a level is held until its handler has run", "burst");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 13})
    void levelOnALineThatIsFixedAsEdge_isRefusedInUserSpaceToo(int line) {
        assertThatRun(Run.on(Irqchip.USERSPACE).line(line).trigger(Trigger.LEVEL).report()).refusedAll(5)
                .saysWhy("line " + line);
        assertThatRun(Run.on(Irqchip.SPLIT).line(line).trigger(Trigger.LEVEL).report()).refusedAll(5)
                .saysWhy("line " + line);
    }

    @ParameterizedTest
    @CsvSource({"SPLIT, vector, PIC, 16, 0 to 15", "SPLIT, line, APIC, 24, 0 to 23", "SPLIT, irqfd, APIC, 24, 0 to 23",
        "SPLIT, line, APIC, 999999, 0 to 23", "KERNEL, irqfd, APIC, 24, 0 to 23", "KERNEL, irqfd, PIC, 16, 0 to 15"})
    void lineThatDoesNotExist_isRefusedByNumber(Irqchip irqchip, Route path, BuiltinGuest guest, int line,
            String lines) {
        assertThatRun(Run.on(irqchip).path(path).guest(guest).line(line).report()).refusedAll(5)
                .saysWhy("there is no line " + line, lines);
    }
}
