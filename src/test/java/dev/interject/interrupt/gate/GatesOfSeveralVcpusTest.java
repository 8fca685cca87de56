package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** To which vCPU an interrupt goes, and whether that one has begun to run. */
class GatesOfSeveralVcpusTest {

    private static final int VECTOR = 0x61;
    private static final int GSI = 20;

    private static GuestStateSample second() {
        return open().vcpu(1, 2, MpState.RUNNABLE);
    }

    private static Gate only(GatePath path, String place) {
        List<Gate> notOpen = path.gates().stream().filter(gate -> gate.verdict() != Verdict.OPEN).toList();
        assertThat(notOpen).extracting(Gate::place).containsExactly(place);
        return notOpen.getFirst();
    }

    private static GatePath message(GuestStateSample sample, int apicId) {
        return Gates.ofMessage(sample.state(), Route.MSI, MsiMessage.fixed(apicId, VECTOR));
    }

    /** An IPI to the inspected vCPU. */
    private static GatePath ipi(GuestStateSample sample, int vector) {
        return Gates.ofIpi(sample.state(), Route.IPI, Icr.fixed(sample.state().vcpu(), vector, false));
    }

    @Test
    void messageToTheInspectedVcpu_isOpen() {
        GatePath path = message(second(), 1);

        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).contains(
                Gate.open(GateKind.DESTINATION, "message, destination", "APIC ID 1", "vCPU 1"),
                Gate.open(GateKind.ACTIVITY, "vCPU 1, MP state", "runnable", "the guest has started it"));
    }

    @ParameterizedTest
    @CsvSource({"0, DESTINATION, 'the interrupt goes to vCPU 0, not to vCPU 1'",
        "2, APIC_ID, no vCPU of this machine has that APIC ID",
        "254, APIC_ID, no vCPU of this machine has that APIC ID"})
    void messageToAnotherDestination_isMisroutedNamingTheVcpu(int apicId, GateKind kind, String meaning) {
        Gate gate = only(message(second(), apicId), "message, destination");

        assertThat(gate).isEqualTo(Gate.misrouted(kind, "message, destination",
                "APIC ID " + apicId, meaning, "use APIC ID 1 in physical destination mode"));
    }

    @Test
    void broadcastToTheOnlyVcpu_isOpen() {
        assertThat(message(open(), 255).firstThatIsNotOpen()).isEmpty();
        assertThat(only(message(open(), 1), "message, destination").meaning()).startsWith("no vCPU");
    }

    @Test
    void pinOfTheIoapic_hasADestinationToo() {
        GuestState toSecond = second().pin(GSI, VECTOR | 1L << 56).state();
        GuestState toFirst = second().pin(GSI, VECTOR).state();

        assertThat(Gates.ofKernelLine(toSecond, Route.LINE, GSI, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
        assertThat(only(Gates.ofKernelLine(toFirst, Route.LINE, GSI, Trigger.EDGE), "IOAPIC, pin 20, destination")
                .verdict())
                .isEqualTo(Verdict.MISROUTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNINITIALIZED", "INIT_RECEIVED", "SIPI_RECEIVED"})
    void vcpuThatWasNeverStarted_takesNoMessageIpiOrNmi(MpState state) {
        GuestStateSample waiting = open().vcpu(1, 2, state);

        assertThat(waiting.state().cpu().isStarted()).isFalse();
        assertThat(List.of(message(waiting, 1), ipi(waiting, VECTOR),
                Gates.ofNmi(waiting.state(), true)))
                .allSatisfy(path -> assertThat(only(path, "vCPU 1, MP state").verdict()).isEqualTo(Verdict.MISROUTED));
        assertThat(only(message(waiting, 1), "vCPU 1, MP state").evidence())
                .isEqualTo(state.name().toLowerCase().replace('_', ' '));
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNABLE", "HALTED"})
    void vcpuThatWasStarted_isOpen(MpState state) {
        GuestStateSample started = open().vcpu(1, 2, state);

        assertThat(started.state().cpu().isStarted()).isTrue();
        assertThat(message(started, 1).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void onlyVcpu_isNotCheckedForItsStart() {
        assertThat(message(open(), 0).gates()).extracting(Gate::place).noneMatch(place -> place.endsWith("MP state"));
    }

    @Test
    void ipi_passesTheIcrAndTheLapicOfItsDestination() {
        GatePath path = ipi(second(), VECTOR);

        assertThat(path.vector()).isEqualTo(VECTOR);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).extracting(Gate::place)
                .containsExactly("the LAPIC's ICR", "ICR, destination", "ICR, mode", "vector", "vCPU 1, MP state",
                        "LAPIC, SVR",
                        "LAPIC, TPR", "LAPIC, ISR", "vCPU, RFLAGS.IF", "vCPU, interrupt shadow", "vCPU, event queue",
                        "IDT, vector 0x61", "GDT, code segment", "IRETQ", "LAPIC, IRR");
    }

    @Test
    void ipiToAClosedVcpu_isHeld() {
        assertThat(only(ipi(second().closed(), VECTOR), "vCPU, RFLAGS.IF").verdict())
                .isEqualTo(Verdict.HOLDS);
    }

    @Test
    void ipiAmongTheExceptions_breaks() {
        assertThat(ipi(second(), 14).firstThatForbids()).map(Gate::place).hasValue("vector");
    }

    @Test
    void ipiWithoutALapicInTheKernel_isMisroutedAtTheFirstGate() {
        GatePath path = ipi(open().on(Irqchip.USERSPACE), VECTOR);

        assertThat(only(path, "the LAPIC's ICR").verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(path.vector()).isEqualTo(-1);
        assertThat(path.gates()).hasSize(1);
    }
}
