package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

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

/** The LAPIC in the kernel, 8259s and IOAPIC in user space: interrupts that are taken, and refusals. */
@RequiresKvm
class SplitRunTest {

    private static Run split() {
        return Run.on(Irqchip.SPLIT);
    }

    @Test
    void standardPlan_takesFivePulsesOfTheUserspace8259s() {
        RunReport report = split().report();

        assertThatRun(report).tookAll(5, 0x2a);
        assertThat(report.irqchip()).isEqualTo(Irqchip.SPLIT);
        assertThat(report.path()).isEqualTo(Route.VECTOR);
        assertThat(report.line(0)).hasValue(10);
    }

    @ParameterizedTest
    @CsvSource({"EDGE, 3", "EDGE, 7", "EDGE, 15", "LEVEL, 3", "LEVEL, 7", "LEVEL, 15"})
    void lineOfTheUserspace8259s_isTakenThroughTheLapic(Trigger trigger, int line) {
        assertThatRun(split().line(line).trigger(trigger).report()).tookAll(5, 0x20 + line);
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "BUSY", "EVENTS", "LATE"})
    void otherGuest_takesLinesOfTheUserspace8259s(BuiltinGuest guest) {
        assertThatRun(split().guest(guest).await().report()).tookAll(5, 0x2a);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x41, 0xff})
    void rawVector_isTakenWithoutAn8259(int vector) {
        assertThatRun(split().vector(vector).report()).tookAll(5, vector);
    }

    @ParameterizedTest
    @EnumSource(names = {"PIC", "BUSY"})
    void rawVectorsInABurst_areAllTaken(BuiltinGuest guest) {
        Run run = split().guest(guest).path(Route.VECTOR).vector(0x41).count(100).burst(100).await();

        assertThatRun(run.report()).tookAll(100, 0x41);
    }

    @ParameterizedTest
    @CsvSource({"line, 0", "line, 10", "line, 23", "irqfd, 3", "irqfd, 10", "irqfd, 23"})
    void pinOfTheUserspaceIoapic_isTakenAtTheVectorOfItsEntry(Route path, int line) {
        RunReport report = split().path(path).line(line).report();

        assertThatRun(report).tookAll(5, 0x30 + line);
        assertThat(report.irqchip()).isEqualTo(Irqchip.SPLIT);
    }

    @Test
    void levelAtTheUserspaceIoapic_isTakenOncePerHold() {
        assertThatRun(split().path(Route.LINE).trigger(Trigger.LEVEL).report()).tookAll(5, 0x3a);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msi", "msi-route", "msi-irqfd", "ipi"})
    void message_isTakenByBothKindsOfLapic(Route path) {
        assertThatRun(split().path(path).report()).tookAll(5, 0x50);
        assertThatRun(split().path(path).guest(BuiltinGuest.X2APIC).vector(0x61).report()).tookAll(5, 0x61);
    }

    @Test
    void nmi_isTaken() {
        assertThatRun(split().path(Route.NMI).report()).tookAll(5, 2);
    }

    @Test
    void resampleEventfd_isRefusedSinceTheIoapicIsNotInTheKernel() {
        assertThatRun(split().path(Route.IRQFD).trigger(Trigger.LEVEL).report()).refusedAll(5)
                .saysWhy("resample eventfd", "IOAPIC in the kernel", "KVM_IRQFD: EINVAL");
    }

    @Test
    void pit_isRefusedSinceThePicIsNotInTheKernel() {
        assertThatRun(split().path(Route.PIT).report()).refusedAll(5).saysWhy("PIT", "KVM_CREATE_PIT2: ENOENT");
    }

    /** The 8259s of an APIC guest are masked, and an edge on a masked line is still latched there. */
    @Test
    void edgeOnAMaskedLineOfTheUserspace8259s_isHeldThere() {
        Run run = split().guest(BuiltinGuest.APIC).path(Route.VECTOR).count(5).burst(5).force();
        RunReport report = run.reportAtTimeout();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("slave 8259").lostNothing();
        assertThat(report.ledger().held()).isOne();
        assertThat(report.observed().handlers()).isEmpty();
    }
}
