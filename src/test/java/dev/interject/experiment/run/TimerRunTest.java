package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Timers in the kernel. */
@RequiresKvm
class TimerRunTest {

    private static final Duration PERIOD = Duration.ofNanos(500_000);
    /** The host's clock and the guest's differ by less. */
    private static final long CLOCKS = 50_000;
    /** A drift of 0.34 us a tick leaves none of ten windows in a row as they were. */
    private static final int WINDOW = 300;
    private static final int MOST_RUNS = 30;
    /** The fastest of many handlers runs far sooner, even on a busy machine. */
    private static final long WAKE_UP = 300_000;

    @ParameterizedTest
    @CsvSource({"KERNEL, PIT, 0x20", "KERNEL, ONE_SHOT, 0x40", "KERNEL, PERIODIC, 0x40", "KERNEL, DEADLINE, 0x40",
        "SPLIT, ONE_SHOT, 0x40", "SPLIT, PERIODIC, 0x40", "SPLIT, DEADLINE, 0x40"})
    void ticks_areAllTaken(Irqchip irqchip, BuiltinGuest guest, int vector) {
        RunReport report = Run.on(irqchip).guest(guest).count(50).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN);
        // a periodic timer continues while a tick is pending, and further ticks coalesce
        long merged = guest == BuiltinGuest.PERIODIC ? report.ledger().coalesced() : 0;
        assertThat(report.ledger()).isEqualTo(new Ledger(50 + merged, 0, 50, merged, 0, 0));
        assertThat(report.observed().handlers()).containsOnlyKeys(vector).containsEntry(vector, 50L);
        assertThat(IntStream.range(0, 50)).allMatch(report.interrupts()::isTaken);
    }

    /**
     * 500 us are 597 counts of the PIT, which are 500.3 us: tick 1,000 comes 343 us after 1,000 times 500 us. On a busy
     * host KVM may make up for more ticks than were missed: later ones are whole periods early then. A busy host also
     * delays ticks; with a drift, or a clamp at 0, no run of many is right.
     */
    @ParameterizedTest
    @Tag("not-qemu") // a wake-up takes a millisecond there
    @EnumSource(names = {"PIT", "PERIODIC"})
    void lateness_neitherDriftsNorIsClampedToZero(BuiltinGuest guest) {
        Run run = Run.on(Irqchip.KERNEL).guest(guest).count(3000).interval(PERIOD);

        assertThat(Stream.generate(() -> run.report().interrupts()).limit(MOST_RUNS).anyMatch(log -> {
            long atZero = IntStream.range(0, 3000).filter(tick -> log.latency(tick) == 0).count();
            return atZero < 30 && IntStream.range(0, 3000 / WINDOW)
                    .allMatch(window -> phase(leastLate(log, window * WINDOW)) < WAKE_UP);
        })).isTrue();
    }

    /** How late without whole periods; below 0 by no more than the clocks differ. */
    private static long phase(long late) {
        long rest = late % PERIOD.toNanos();
        return rest < -CLOCKS ? rest + PERIOD.toNanos() : rest;
    }

    private static long leastLate(InterruptLog log, int first) {
        return IntStream.range(first, first + WINDOW).mapToLong(log::latency).min().orElseThrow();
    }

    @Test
    void interval_isTheTimeFromTickToTick() {
        long before = System.nanoTime();
        RunReport report = Run.on(Irqchip.KERNEL).path(Route.PIT).count(5).interval(Duration.ofMillis(40)).report();
        Duration took = Duration.ofNanos(System.nanoTime() - before);

        assertThatRun(report).hasOutcome(Outcome.TAKEN);
        assertThat(took).isGreaterThan(Duration.ofMillis(190)); // five periods, less what an 8254 rounds away
    }

    @Test
    void lapicTimer_ticksPeriodicallyUnlessAGuestIsNamed() {
        RunReport report = Run.on(Irqchip.KERNEL).path(Route.LAPIC_TIMER).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN);
        assertThat(report.request().builtin()).contains(BuiltinGuest.PERIODIC);
    }

    @ParameterizedTest
    @CsvSource({"PIT, 199000, 54 ms", "PIT, 54000001, 54 ms", "PERIODIC, 199000, 500 ms", "ONE_SHOT, 500000001, 500 ms",
        "DEADLINE, 1, 500 ms"})
    void periodOutOfRange_isRefusedWithItsBounds(BuiltinGuest guest, long nanos, String longest) {
        RunReport report = Run.on(Irqchip.KERNEL).guest(guest).interval(Duration.ofNanos(nanos)).report();

        assertThatRun(report).refusedAll(5).saysWhy("ticks every 200 us to " + longest, "the interval is its period");
    }

    @ParameterizedTest
    @CsvSource({"PIT, line, path pit", "PIT, lapic-timer, does not support path lapic-timer",
        "PERIODIC, msi, path lapic-timer", "PERIODIC, pit, does not support path pit",
        "PIC, pit, does not support path pit", "APIC, lapic-timer, does not support path lapic-timer",
        "PIC, ipi, does not support path ipi", "NMI, ipi, does not support path ipi"})
    void guestThatDoesNotSupportThePath_isRefusedByName(BuiltinGuest guest, Route path, String why) {
        RunReport report = Run.on(Irqchip.KERNEL).guest(guest).path(path).report();

        assertThatRun(report).refusedAll(5).saysWhy("guest " + guest.label(), why);
    }

    @ParameterizedTest
    @CsvSource({"pit, KVM_CREATE_PIT2: ENOENT", "lapic-timer, there is no LAPIC"})
    void timerWithoutKernelIrqchip_isRefused(Route path, String why) {
        assertThatRun(Run.on(Irqchip.USERSPACE).path(path).report()).refusedAll(5).saysWhy(why);
    }

    @ParameterizedTest
    @CsvSource({"pit", "lapic-timer", "ipi"})
    void pathRaisedByTheGuest_isRefusedInABurst(Route path) {
        assertThatRun(Run.on(Irqchip.KERNEL).path(path).count(4).burst(2).report()).refusedAll(4)
                .saysWhy("path " + path.label(), "one at a time", "no burst");
    }
}
