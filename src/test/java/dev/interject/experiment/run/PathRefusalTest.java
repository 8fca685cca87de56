package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals on the paths into the kernel's controllers, and what happens when they are forced. */
@RequiresKvm
class PathRefusalTest {

    private static final OptionalInt NONE = OptionalInt.empty();

    private static RunReport run(Irqchip irqchip, Route path, BuiltinGuest guest, OptionalInt line, OptionalInt vector,
            OptionalInt address, Trigger trigger, boolean force) {
        RunPlan plan = new RunPlan(MachineChoice.of(irqchip, guest),
                new InterruptChoice(Optional.of(path), line.stream().boxed().toList(), vector,
                        new MessageChoice(address, OptionalInt.empty(), OptionalLong.empty()), trigger),
                Pace.oneByOne(3), new Conduct(Optional.of(Hang.AFTER), force, false));
        return RunExperiment.run(plan, new Cancellation(), RunObserver.NONE, RunTrace.none());
    }

    private static RunReport message(int address, int vector) {
        return run(Irqchip.KERNEL, Route.MSI, BuiltinGuest.APIC, NONE, OptionalInt.of(vector), OptionalInt.of(address),
                Trigger.EDGE, false);
    }

    @Test
    void messageOutsideTheLapics_isRefusedByItsAddress() {
        RunReport report = message(0x1000, 0x50);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason().orElseThrow()).contains("address", "0x00001000", "0xfee00000");
    }

    @Test
    void messageToAnAbsentApicId_isRefusedByItsDestination() {
        RunReport report = message(0xfee05000, 0x50);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason().orElseThrow()).contains("destination", "APIC ID 5");
    }

    @Test
    void messageWithTheVectorOfAnException_isRefused() {
        RunReport report = message(0xfee00000, 0x0f);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason().orElseThrow()).contains("vector", "0x0f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "irqfd", "msi", "msi-route", "msi-irqfd"})
    void pathIntoTheKernel_withoutAnIrqchipThere_isRefused(Route path) {
        RunReport report =
                run(Irqchip.USERSPACE, path, BuiltinGuest.PIC, NONE, NONE, NONE, Trigger.EDGE, false);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason().orElseThrow()).contains(path.request(Irqchip.USERSPACE), "irqchip userspace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "irqfd", "msi", "msi-route", "msi-irqfd"})
    void pathIntoTheKernel_forcedWithoutAnIrqchipThere_showsTheErrnoAndLeavesTheGuestAlive(Route path) {
        RunReport report = run(Irqchip.USERSPACE, path, BuiltinGuest.PIC, NONE, NONE, NONE, Trigger.EDGE, true);

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.ledger().refused()).isEqualTo(3);
        assertThat(report.remarks().notes()).anyMatch(note -> note.contains("ENXIO") || note.contains("EINVAL"));
        assertThat(report.remarks().notes()).anyMatch(note -> note.startsWith("afterwards the guest took"));
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 999_999})
    void lineBehindTheIoapics_isRefusedByItsNumber(int gsi) {
        RunReport report = run(Irqchip.KERNEL, Route.LINE, BuiltinGuest.APIC, OptionalInt.of(gsi), NONE, NONE,
                Trigger.EDGE, false);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason().orElseThrow()).contains("no line " + gsi, "0 to 23");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 23})
    void lineThatOnlyTheIoapicHas_isTaken(int gsi) {
        RunReport report = run(Irqchip.KERNEL, Route.LINE, BuiltinGuest.APIC, OptionalInt.of(gsi), NONE, NONE,
                Trigger.EDGE, false);

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.target().vector()).hasValue(0x30 + gsi);
    }

    @Test
    void nmi_isTakenByAGuestWithInterruptsClosed() {
        RunReport report =
                run(Irqchip.KERNEL, Route.NMI, BuiltinGuest.NMI, NONE, NONE, NONE, Trigger.EDGE, false);

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.target().vector()).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource(Irqchip.class)
    void nmiForAGuestThatExpectsNone_isRefused(Irqchip irqchip) {
        RunReport report =
                run(irqchip, Route.NMI, BuiltinGuest.PIC, NONE, NONE, NONE, Trigger.EDGE, false);

        assertThatRun(report).hasOutcome(Outcome.REFUSED).saysWhy("NMI handler", "the guest expects no NMI");
    }

    @Test
    void nmiThatIsForcedOnAGuestThatExpectsNone_isSaidToBeTheNmi() {
        RunReport report =
                run(Irqchip.KERNEL, Route.NMI, BuiltinGuest.PIC, NONE, NONE, NONE, Trigger.EDGE, true);

        assertThatRun(report).hasOutcome(Outcome.GUEST_CRASHED).saysWhy("the injected NMI arrived");
    }

    @Test
    void irqfdWithALevel_waitsForTheEoiOfTheOneBefore() {
        RunReport report =
                run(Irqchip.KERNEL, Route.IRQFD, BuiltinGuest.PIC, NONE, NONE, NONE, Trigger.LEVEL, false);

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.ledger().lost()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"msi", "msi-route"})
    void messageThatNoLapicAccepts_endsAtOnceAndIsNotHeld(Route path) {
        RunReport report = run(Irqchip.KERNEL, path, BuiltinGuest.APIC, NONE, NONE, OptionalInt.of(0xfee05000),
                Trigger.EDGE, true);

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.reason().orElseThrow()).contains("KVM's status", "3 of 3 were not accepted", "APIC ID 5")
                .doesNotContain("held");
        assertThat(report.ledger()).isEqualTo(Ledger.refused(3));
    }

    @Test
    void eventfdOfAMessageThatNoLapicAccepts_endsAtOnceThoughKvmReportsNoStatus() {
        RunReport report = run(Irqchip.KERNEL, Route.MSI_IRQFD, BuiltinGuest.APIC, NONE, NONE,
                OptionalInt.of(0xfee05000), Trigger.EDGE, true);

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.reason().orElseThrow()).contains("3 of 3 cannot arrive", "no status", "APIC ID 5");
        assertThat(report.ledger()).isEqualTo(Ledger.refused(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"irqfd", "msi-irqfd", "ipi", "line", "msi"})
    void interruptOfAVcpuThatWasNotStarted_endsAtOnce(Route path) {
        RunReport report = Run.on(Irqchip.KERNEL)
                .guest(BuiltinGuest.APIC)
                .path(path)
                .vcpus(2)
                .to(1)
                .count(3)
                .force()
                .report();

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.ledger()).isEqualTo(Ledger.refused(3));
    }
}
