package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts that reach their handler. */
@RequiresKvm
class RunInjectionTest {

    private static final int MASTER_BASE = 0x20;
    private static final List<Irqchip> BOTH = List.of(Irqchip.KERNEL, Irqchip.USERSPACE);

    /** The lines of a guest with 8259s only, without the cascade (2). */
    private static final List<Integer> LINES = List.of(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /** The lines that a PC's ELCR can make level triggered. */
    private static final List<Integer> LEVEL_LINES = List.of(3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15);

    static Stream<Arguments> linesOfBothIrqchips() {
        return BOTH.stream().flatMap(irqchip -> LINES.stream().map(line -> Arguments.of(irqchip, line)));
    }

    static Stream<Arguments> levelLinesOfBothIrqchips() {
        return BOTH.stream().flatMap(irqchip -> LEVEL_LINES.stream().map(line -> Arguments.of(irqchip, line)));
    }

    @Test
    void standardPlan_takesFivePulsesOfLine10() {
        RunReport report =
                RunExperiment.run(RunPlan.on(Irqchip.KERNEL), new Cancellation(), RunObserver.NONE, RunTrace.none());

        assertThatRun(report).tookAll(5, MASTER_BASE + 10);
        assertThat(report.irqchip()).isEqualTo(Irqchip.KERNEL);
        assertThat(report.path()).isEqualTo(Route.LINE);
        assertThat(report.line(0)).hasValue(10);
        assertThat(report.remarks().warnings()).isEmpty();
        // no warning of Interject; one of KVM's counters exactly if KVM counted a cancelled entry twice
        assertThat(report.remarks().notes())
                .containsExactlyElementsOf(
                        report.observed().counters().disagreement(true).stream().toList());
        assertThat(report.observed().position()).isEmpty();
    }

    @Test
    void standardPlanWithoutKernelIrqchip_takesFivePulsesOfLine10() {
        RunReport report = Run.on(Irqchip.USERSPACE).report();

        assertThatRun(report).tookAll(5, MASTER_BASE + 10);
        assertThat(report.irqchip()).isEqualTo(Irqchip.USERSPACE);
        assertThat(report.path()).isEqualTo(Route.VECTOR);
        assertThat(report.line(0)).hasValue(10);
    }

    @ParameterizedTest
    @MethodSource("linesOfBothIrqchips")
    void edgeOnLine_isTakenAtItsOwnVector(Irqchip irqchip, int line) {
        assertThatRun(Run.on(irqchip).line(line).report()).tookAll(5, MASTER_BASE + line);
    }

    @ParameterizedTest
    @MethodSource("levelLinesOfBothIrqchips")
    void levelOnLine_isTakenOncePerHold(Irqchip irqchip, int line) {
        assertThatRun(Run.on(irqchip).line(line).trigger(Trigger.LEVEL).report()).tookAll(5, MASTER_BASE + line);
    }

    @ParameterizedTest
    @MethodSource("linesOfBothIrqchips")
    void edgeOnLineOfRealModeGuest_isTakenAtItsOwnVector(Irqchip irqchip, int line) {
        assertThatRun(Run.on(irqchip).guest(BuiltinGuest.REAL).line(line).report()).tookAll(5, MASTER_BASE + line);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void levelOnRealModeGuest_isTaken(Irqchip irqchip) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.REAL).line(5).trigger(Trigger.LEVEL);

        assertThatRun(run.report()).tookAll(5, MASTER_BASE + 5);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestThatNeverSleeps_takesEveryPulseInOneOfItsWindows(Irqchip irqchip) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.BUSY).count(200).await();

        assertThatRun(run.report()).tookAll(200, MASTER_BASE + 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void guestThatCausedExceptions_takesLinesThroughTheSameIdt(Irqchip irqchip) {
        assertThatRun(Run.on(irqchip).guest(BuiltinGuest.EVENTS).report()).tookAll(5, MASTER_BASE + 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"PIC", "REAL", "BUSY", "EVENTS"})
    void rawVector_isTakenWithoutAn8259(BuiltinGuest guest) {
        Run run = Run.on(Irqchip.USERSPACE).guest(guest).path(Route.VECTOR).vector(0x41).await();

        assertThatRun(run.report()).tookAll(5, 0x41);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x26, 0x28, 0x30, 0x80, 0xff})
    void rawVectorAtTheBounds_isTaken(int vector) {
        assertThatRun(Run.on(Irqchip.USERSPACE).vector(vector).report()).tookAll(5, vector);
    }

    @Test
    void lineOfAnotherDevice_isTakenWithAWarningThatNamesIt() {
        RunReport report = Run.on(Irqchip.KERNEL).line(4).report();

        assertThatRun(report).tookAll(5, MASTER_BASE + 4);
        assertThat(report.remarks().warnings()).singleElement()
                .asString()
                .contains("line 4", "serial port COM1", "9, 10 and 11");
    }

    @Test
    void interval_isThePauseBetweenTwoInterrupts() {
        long before = System.nanoTime();
        RunReport report = Run.on(Irqchip.KERNEL).count(3).interval(Duration.ofMillis(150)).report();
        Duration took = Duration.ofNanos(System.nanoTime() - before);

        assertThatRun(report).tookAll(3, MASTER_BASE + 10);
        assertThat(took).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void observer_isCalledOnceForTheInjection() {
        List<Integer> counts = new ArrayList<>();
        List<IntSupplier> followed = new ArrayList<>();

        RunExperiment.run(Run.on(Irqchip.KERNEL).count(7).plan(), new Cancellation(), (count, takenSoFar) -> {
            counts.add(count);
            followed.add(takenSoFar);
        }, RunTrace.none());

        assertThat(counts).containsExactly(7);
        assertThat(followed.getFirst().getAsInt()).isEqualTo(7);
    }
}
