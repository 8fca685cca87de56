package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run says of an interrupt that is not taken: the gate that decided. */
@RequiresKvm
class LedgerReasonTest {

    private static final Ledger NOT_ACCEPTED = new Ledger(1, 1, 0, 0, 0, 0);

    private static RunReport run(Run run, String... settings) {
        return RunExperiment.run(run.count(1).plan().with(Situation.of(settings)));
    }

    /** KVM's status is 0 for a LAPIC that is off, too, not only for one that coalesces. */
    @ParameterizedTest
    @ValueSource(strings = {"lapic.svr=0xff", "lapic.base=0xfee00100"})
    void lapicThatIsOff_dropsAPinsInterrupt(String setting) {
        RunReport report = run(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.APIC).path(Route.LINE).lines(20), setting);

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("LAPIC, ", "disabled");
        assertThat(report.ledger()).isEqualTo(NOT_ACCEPTED);
    }

    /** Its vector is the slave's spurious one, which no handler acknowledges. */
    @Test
    void forcedLineOfTheCascade_isNotWaitedFor() {
        RunReport report = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.PIC).lines(2).count(1).force().report();

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("1 of 1 lost", "master 8259, cascade");
    }

    @Test
    void routeThatIsMissing_isTheReason() {
        RunReport report = run(Run.on(Irqchip.KERNEL).path(Route.LINE).lines(5), "route[5]=none");

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("no entry for GSI 5");
        assertThat(report.ledger()).isEqualTo(NOT_ACCEPTED);
    }

    @Test
    void deliveryModeThatLapicsDoNotAccept_isTheReason() {
        RunReport report = run(Run.on(Irqchip.KERNEL).path(Route.MSI).data(0x650).force());

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("delivery mode 6");
        assertThat(report.ledger()).isEqualTo(NOT_ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void pulseThatBecomesASpuriousInterrupt_isNotTaken(Irqchip irqchip) {
        Route path = irqchip == Irqchip.KERNEL ? Route.LINE : Route.VECTOR;
        RunReport report = run(Run.on(irqchip).guest(BuiltinGuest.PIC).path(path).lines(10).force(),
                "pic.slave.elcr=4");

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("slave 8259, wire", "spurious IRQ 15");
        assertThat(report.ledger()).isEqualTo(NOT_ACCEPTED);
    }

    /** Only the first pulse meets the line high, and lowers it. */
    @Test
    void lineThatWasHigh_isLowAfterThePulseThatIsDropped() {
        RunReport report = RunExperiment.run(Run.on(Irqchip.KERNEL)
                .path(Route.IRQFD)
                .lines(10)
                .count(3)
                .plan()
                .with(Situation.of("pic.slave.lines-high=4")));

        assertThat(report.ledger()).isEqualTo(new Ledger(3, 1, 2, 0, 0, 0));
    }

    /** A run waits for what is held, whatever holds it. */
    @ParameterizedTest
    @ValueSource(strings = {"pic.slave.imr=0xff", "pic.master.isr=2", "cpu.if=0", "lapic.lvt0=0x10700"})
    void interruptThatIsHeld_isWaitedForUntilTheTimeIsUp(String setting) {
        Run run = Run.on(Irqchip.KERNEL).path(Route.LINE).lines(10).count(1).with(Situation.of(setting));

        RunReport report = run.reportAtTimeout();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("held at");
        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 1, 0));
    }

    /** The line that it raised would drop another one, and does not hold this one. */
    @Test
    void levelThatIsHeldBehindAnEdgeTriggeredInput_isHeldByTheMask() {
        Run run = Run.on(Irqchip.KERNEL)
                .path(Route.LINE)
                .lines(10)
                .trigger(Trigger.LEVEL)
                .count(1)
                .with(Situation.of("pic.slave.imr=0xff", "pic.slave.elcr=0"));

        assertThatRun(run.reportAtTimeout()).hasOutcome(Outcome.TIMED_OUT).saysWhy("held at slave 8259, IMR");
    }

    /** The handler acknowledges before its IRET, which breaks the guest. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu.ss=0x50", "gdt.limit=0xf"})
    void handlerWhoseReturnBreaksTheGuest_isSeenToReturn(String setting) {
        RunReport report = run(Run.on(Irqchip.KERNEL).path(Route.LINE).lines(10).force(), setting);

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED);
    }

    /** The registers of a timer stay as they are set: the guest does not program it then. */
    @ParameterizedTest
    @ValueSource(strings = {"pit.mode=none", "pit.mode=5"})
    void pitThatIsSetNotToTick_doesNotTick(String setting) {
        Run run = Run.on(Irqchip.KERNEL).path(Route.PIT).count(1).with(Situation.of("pit.count=3000", setting));

        assertThat(run.reportAtTimeout().ledger().taken()).isZero();
    }

    @Test
    void lapicTimerThatIsSetNotToTick_doesNotTick() {
        Run run = Run.on(Irqchip.KERNEL)
                .path(Route.LAPIC_TIMER)
                .count(1)
                .with(Situation.of("lapic.timer.initial=0"));

        RunReport report = run.reportAtTimeout();

        assertThatRun(report).hasOutcome(Outcome.TIMED_OUT).saysWhy("LAPIC, timer");
        assertThat(report.ledger().taken()).isZero();
    }

    /** The tick comes before the guest runs on. */
    @Test
    void timerThatTicksAtOnce_ticks() {
        RunPlan plan = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.ONE_SHOT).path(Route.LAPIC_TIMER).count(1).plan();
        RunPlan waiting = Run.on(Irqchip.KERNEL)
                .guest(BuiltinGuest.ONE_SHOT)
                .path(Route.LAPIC_TIMER)
                .count(1)
                .await()
                .plan();

        assertThat(List.of(plan, waiting)).allSatisfy(run -> {
            RunReport report = RunExperiment.run(run.with(Situation.of("lapic.timer.initial=20")));
            assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
            assertThat(report.ledger().taken()).isEqualTo(1);
        });
    }

    /** What was pending before is no tick of the run, and the guest takes it besides. */
    @Test
    void timerThatIsSetWhileItsVectorIsPending_ticksAsOften() {
        RunReport lapic = RunExperiment.run(Run.on(Irqchip.KERNEL)
                .path(Route.LAPIC_TIMER)
                .count(3)
                .plan()
                .with(Situation.of("lapic.timer.initial=20000000", "lapic.irr=0x40")));
        RunReport pit = RunExperiment.run(Run.on(Irqchip.KERNEL)
                .path(Route.PIT)
                .count(3)
                .plan()
                .with(Situation.of("pit.count=20000", "pit.mode=2", "pic.master.irr=1")));

        assertThat(List.of(lapic, pit)).allSatisfy(report -> {
            assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
            assertThat(report.ledger().taken()).isEqualTo(3);
        });
    }

    @Test
    void timersThatAreSetToTick_tick() {
        assertThat(RunExperiment.run(Run.on(Irqchip.KERNEL)
                .path(Route.PIT)
                .count(3)
                .plan()
                .with(Situation.of("pit.count=3000", "pit.mode=2"))).outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(RunExperiment.run(Run.on(Irqchip.KERNEL)
                .path(Route.LAPIC_TIMER)
                .count(3)
                .plan()
                .with(Situation.of("lapic.timer.initial=2000000"))).outcome()).isEqualTo(Outcome.TAKEN);
    }
}
