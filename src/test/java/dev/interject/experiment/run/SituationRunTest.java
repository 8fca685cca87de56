package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of a guest in which something was set before the first interrupt. */
@RequiresKvm
class SituationRunTest {

    private static RunPlan line(int count, String... settings) {
        return RunPlan.on(MachineChoice.of(Irqchip.KERNEL, BuiltinGuest.PIC))
                .with(InterruptChoice.by(Route.LINE).withLine(10))
                .with(Pace.oneByOne(count))
                .with(Situation.of(settings))
                .withTimeout(Optional.of(Hang.AFTER));
    }

    private static RunPlan forced(RunPlan plan) {
        return new RunPlan(plan.machine(), plan.interrupt(), plan.pace(),
                new Conduct(plan.conduct().timeout(), true, false));
    }

    @Test
    void guest_isReleasedAfterTheFirstInjection() {
        RunReport report = RunExperiment.run(line(3, "pic.master.rotate=3"));

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.ledger().taken()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipi", "nmi", "msi"})
    void guestOfTwoVcpus_isReleased(String path) {
        RunPlan plan = RunPlan.on(MachineChoice.of(Irqchip.KERNEL, BuiltinGuest.SMP).withVcpus(2, 1))
                .with(InterruptChoice.by(route(path)))
                .with(Pace.oneByOne(2))
                .with(Situation.of("vcpu[0].lapic.tpr=0x10", "lapic.tpr=0x10"));

        assertThat(RunExperiment.run(plan).outcome()).isEqualTo(Outcome.TAKEN);
    }

    private static Route route(String label) {
        return Route.all().stream().filter(route -> route.label().equals(label)).findFirst().orElseThrow();
    }

    @Test
    void stormOfInterrupts_isInjectedIntoAGuestThatWasSetUp() {
        RunPlan storm = line(1, "pic.master.rotate=3").with(new Pace(20, Duration.ZERO, 5,
                OptionalInt.empty(), 1, 1));

        RunReport report = RunExperiment.run(storm);

        assertThat(report.ledger().requested()).isEqualTo(20);
        assertThat(report.ledger().lost()).isZero();
        assertThat(report.ledger().taken()).isPositive();
    }

    /** The first merges with it; the second as well, unless the guest has taken it by then. */
    @Test
    void interruptThatWasPendingBefore_isNoneThatWasRequested() {
        RunReport report = RunExperiment.run(line(2, "pic.slave.irr=4"));

        assertThat(report.ledger().coalesced()).isPositive();
        assertThat(report.ledger().coalesced() + report.ledger().taken()).isEqualTo(2);
        assertThat(IntStream.range(0, 2).filter(report.interrupts()::isTaken).mapToLong(report.interrupts()::latency))
                .allMatch(latency -> latency > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"page[0xb000]=absent", "page[0x8000]=absent", "cpu.rsp=0x40000000", "idt.limit=0x29f",
        "idt[0x2a].present=0"})
    void settingThatBreaksTheGuest_breaksIt(String setting) {
        RunPlan plan = line(1, setting);

        assertThat(RunExperiment.run(plan).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(RunExperiment.run(forced(plan)).outcome()).isEqualTo(Outcome.GUEST_CRASHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"page[0xb000]=writable", "page[0xc000]=absent", "cpu.rsp=0xb100", "tss.ist1=0xf000"})
    void settingThatDoesNotMatter_isNoObstacle(String setting) {
        assertThat(RunExperiment.run(line(2, setting)).outcome()).isEqualTo(Outcome.TAKEN);
    }
}
