package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt that meets a pending one of its vector merges with it, on every path; KVM's status does not say so. */
@RequiresKvm
class PendingBeforeTest {

    private static RunReport run(Run run, String... settings) {
        return RunExperiment.run(run.plan().with(Situation.of(settings)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"msi", "msi-route", "msi-irqfd", "ipi"})
    void firstOfAVectorThatIsPending_coalesces(String path) {
        RunReport report = run(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.APIC).path(route(path)).count(2),
                "lapic.irr=0x50");

        assertThat(report.ledger()).isEqualTo(new Ledger(2, 0, 1, 1, 0, 0));
    }

    private static Route route(String label) {
        return Route.all().stream().filter(route -> route.label().equals(label)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void firstOfAPinWhoseVectorIsPending_coalesces(Irqchip irqchip) {
        RunReport report = run(Run.on(irqchip).guest(BuiltinGuest.APIC).path(Route.LINE).lines(20).count(2),
                "lapic.irr=0x44");

        assertThat(report.ledger()).isEqualTo(new Ledger(2, 0, 1, 1, 0, 0));
    }

    @Test
    void ipiToAnotherVcpuThatHasThatVectorPending_coalesces() {
        RunReport report = run(Run.on(Irqchip.KERNEL).vcpus(2).to(1).path(Route.IPI).count(1), "lapic.irr=0x50");

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("1 of 1 coalesced");
        assertThat(report.ledger().coalesced()).isOne();
    }

    /** Nothing of the run is held, so that it does not wait. */
    @Test
    void pendingOneThatTheGuestDoesNotTake_isNotOneOfTheRun() {
        RunReport report = run(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.APIC).path(Route.MSI).count(1),
                "lapic.irr=0x50", "cpu.if=0");

        assertThatRun(report).hasOutcome(Outcome.NOT_TAKEN).saysWhy("1 of 1 coalesced");
        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 1, 0, 0));
    }

    @Test
    void thirdNmi_coalesces() {
        assertThat(run(Run.on(Irqchip.KERNEL).path(Route.NMI).count(1), "cpu.nmi-pending=2").ledger())
                .isEqualTo(new Ledger(1, 0, 0, 1, 0, 0));
    }

    @Test
    void secondNmi_isTaken() {
        assertThat(run(Run.on(Irqchip.KERNEL).path(Route.NMI).count(1), "cpu.nmi-pending=1").ledger())
                .isEqualTo(new Ledger(1, 0, 1, 0, 0, 0));
    }

    @Test
    void vectorBehindOneThatKvmHolds_isTaken() {
        RunReport report = run(Run.on(Irqchip.SPLIT).path(Route.VECTOR).vector(0x41).count(1),
                "cpu.kvm-interrupt=0x41");

        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 1, 0, 0, 0));
    }

    /** Of two vCPUs that a message names, it merges at one. */
    @Test
    void messageToSeveral_coalescesOnlyWhereItsVectorIsPending() {
        RunReport report = run(Run.on(Irqchip.KERNEL).vcpus(2).path(Route.MSI).address(0xfeeff000).count(1),
                "vcpu[1].lapic.irr=0x50");

        assertThat(List.copyOf(report.account().byVcpu().values()))
                .containsExactly(new Ledger(1, 0, 1, 0, 0, 0), new Ledger(1, 0, 0, 1, 0, 0));
    }
}
