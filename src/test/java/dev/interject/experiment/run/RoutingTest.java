package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Map;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts for one vCPU and not another. */
@RequiresKvm
class RoutingTest {

    private static final int TO_VCPU_1 = 0xfee01000;
    private static final int TO_ANY = 0xfeeff00c;
    private static final int TO_ALL = 0xfeeff000;

    /** Each path that guest smp supports, with its vector, for both irqchips that have a LAPIC. */
    static Stream<Arguments> paths() {
        Map<Route, Integer> vectors =
                Map.of(Route.LINE, 0x3a, Route.IRQFD, 0x3a, Route.MSI, 0x50, Route.MSI_ROUTE, 0x50,
                        Route.MSI_IRQFD, 0x50, Route.NMI, 2, Route.IPI, 0x50);
        return Stream.of(Irqchip.KERNEL, Irqchip.SPLIT)
                .flatMap(irqchip -> Route.of(BuiltinGuest.SMP)
                        .stream()
                        .map(path -> Arguments.of(irqchip, path, vectors.get(path))));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void interruptForTheFirstOfTwo_isTakenThereAlone(Irqchip irqchip, Route path, int vector) {
        assertThatRun(Run.on(irqchip).path(path).vcpus(2).to(0).report()).tookAllOn(0, 5, vector);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void interruptForTheSecondOfTwo_isTakenThereAlone(Irqchip irqchip, Route path, int vector) {
        RunReport report = Run.on(irqchip).path(path).vcpus(2).to(1).report();

        assertThatRun(report).tookAllOn(1, 5, vector);
        assertThat(report.observed().handlers()).containsOnlyKeys(vector);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void interruptForTheLastOfFour_isTakenThereAlone(Irqchip irqchip, Route path, int vector) {
        assertThatRun(Run.on(irqchip).path(path).vcpus(4).to(3).report()).tookAllOn(3, 5, vector);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, APIC", "KERNEL, X2APIC", "KERNEL, SMP", "SPLIT, APIC", "SPLIT, X2APIC", "SPLIT, SMP"})
    void ipiToItself_isTakenInAdditionToTheCommandInterrupt(Irqchip irqchip, BuiltinGuest guest) {
        RunReport report = Run.on(irqchip).guest(guest).path(Route.IPI).report();

        assertThatRun(report).tookAllOn(0, 5, 0x50);
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x50, 5L, 0xf0, 5L));
    }

    /** KVM counts every interrupt, and so does the witness: it must not take the ones that ask for a disagreement. */
    @ParameterizedTest
    @EnumSource(value = BuiltinGuest.class, names = {"APIC", "X2APIC", "SMP"})
    void kvmCountOfAnIpiToItself_includesTheCommandInterrupts(BuiltinGuest guest) {
        RunReport report = Run.on(Irqchip.KERNEL).guest(guest).path(Route.IPI).report();

        assertThat(report.observed().counters().taken()).isEqualTo(10);
        assertThat(report.remarks().notes())
                .containsExactlyElementsOf(report.observed().counters().disagreement(true).stream().toList());
    }

    @Test
    void burstForTheSecondOfTwo_isTakenThereAlone() {
        Run run = Run.on(Irqchip.KERNEL).path(Route.MSI).vcpus(2).to(1).count(60).burst(20).threads(3);
        RunReport report = run.report();

        assertThatRun(report).hasLedger(3, 57, 0);
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x50, 3L));
        assertThat(report.account().byVcpu().get(0).taken()).isZero();
    }

    @Test
    void addressOfAMessage_selectsTheTargetVcpu() {
        assertThatRun(Run.on(Irqchip.KERNEL).vcpus(2).address(TO_VCPU_1).report()).tookAllOn(1, 5, 0x50);
    }

    @Test
    void addressOfAnotherVcpuThanTheTarget_isRefused() {
        assertThatRun(Run.on(Irqchip.KERNEL).vcpus(2).to(0).address(TO_VCPU_1).report()).refusedAll(5)
                .saysWhy("APIC ID 1", "goes to vCPU 1, not to vCPU 0");
    }

    @Test
    void broadcast_isTakenByEachAndCountsForEach() {
        RunReport report = Run.on(Irqchip.KERNEL).vcpus(3).address(TO_ALL).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN).hasLedger(15, 0, 0);
        assertThat(report.account().byVcpu().values()).extracting(Ledger::requested, Ledger::taken)
                .containsOnly(tuple(5L, 5L));
        assertThat(report.interrupts().size()).isEqualTo(5);
    }

    /** What is pending at one vCPU does not hide what another acknowledges. */
    @Test
    void broadcastThatCoalescesAtOneOfThem_isTakenByTheOther() {
        RunPlan plan = Run.on(Irqchip.KERNEL).vcpus(2).address(TO_ALL).count(1).plan();

        RunReport report = RunExperiment.run(plan.with(Situation.of("vcpu[1].lapic.irr=0x50")));

        assertThat(report.outcome()).isNotEqualTo(Outcome.TIMED_OUT);
        assertThat(report.account().byVcpu().get(0).taken()).isEqualTo(1);
    }

    /** As in explain: the vCPU that is addressed is the target before anything is set. */
    @Test
    void settingWithoutAVcpu_isThatOfTheVcpuThatIsAddressed() {
        RunPlan plan = Run.on(Irqchip.KERNEL).vcpus(2).address(TO_VCPU_1).count(1).plan();

        RunReport report = RunExperiment.run(plan.with(Situation.of("lapic.svr=0xff")));

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("LAPIC, SVR");
    }

    /** A guest that was held to set a value runs on, so that the ordinary interrupt at the end is taken. */
    @Test
    void forcedInterruptThatKvmRefusesAfterASetting_leavesTheGuestRunning() {
        RunPlan plan = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.PIC).path(Route.VECTOR).force().plan();

        RunReport report = RunExperiment.run(plan.with(Situation.of("pic.master.rotate=3")));

        assertThat(String.join(" ", report.remarks().notes())).contains("refused").doesNotContain("no longer");
    }

    @Test
    void redirectionHint_hasOneOfAllTakeIt() {
        RunReport report = Run.on(Irqchip.KERNEL).vcpus(2).address(TO_ANY).report();

        assertThatRun(report).hasOutcome(Outcome.TAKEN).hasLedger(5, 0, 0);
    }

    @Test
    void burstToSeveral_isRefused() {
        assertThatRun(Run.on(Irqchip.KERNEL).vcpus(2).address(TO_ALL).count(4).burst(2).report()).refusedAll(4)
                .saysWhy("burst and rate", "addressed to 2");
    }

    @Test
    void broadcastToTheOnlyOne_isTaken() {
        assertThatRun(Run.on(Irqchip.KERNEL).address(TO_ALL).report()).tookAllOn(0, 5, 0x50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "msi", "nmi", "ipi"})
    void vcpuThatTheGuestHasNotStarted_isRefusedWithoutWaiting(Route path) {
        Run run = Run.on(Irqchip.KERNEL).guest(BuiltinGuest.APIC).path(path).vcpus(2).to(1).await().timeout(Hang.AFTER);

        assertThatRun(run.report()).refusedAll(5).saysWhy("vCPU 1", "has not started it", "INIT, SIPI");
    }

    @Test
    void severalWithoutALapic_areRefused() {
        assertThatRun(Run.on(Irqchip.USERSPACE).vcpus(2).report()).refusedAll(5)
                .saysWhy("starts its other vCPUs by IPIs", "no LAPIC");
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, line", "KERNEL, irqfd", "SPLIT, vector"})
    void lineOfThe8259sToAnotherThanTheFirst_isRefused(Irqchip irqchip, Route path) {
        Run run = Run.on(irqchip).guest(BuiltinGuest.PIC).path(path).vcpus(2).to(1);

        assertThatRun(run.report()).refusedAll(5).saysWhy("the 8259s interrupt vCPU 0 only", "guest smp");
    }

    @Test
    void maximumNumberOfVcpus_isStarted() {
        Run run = Run.on(Irqchip.KERNEL).path(Route.MSI).vcpus(MemoryMap.MOST_VCPUS).to(MemoryMap.MOST_VCPUS - 1);

        assertThatRun(run.report()).tookAllOn(MemoryMap.MOST_VCPUS - 1, 5, 0x50);
    }

    /** A LAPIC that ends interrupts by itself lets the line interrupt again; that run is extra, and none is lost. */
    @Test
    void levelForTheSecondOfTwo_isTakenAndNeverLost() {
        RunReport report = Run.on(Irqchip.KERNEL).vcpus(2).to(1).trigger(Trigger.LEVEL).report();

        assertThatRun(report).lostNothing();
        assertThat(report.ledger().taken()).isEqualTo(5);
        assertThat(report.observed().handlers()).isEqualTo(Map.of(0x3a, 5 + report.ledger().extra()));
    }
}
