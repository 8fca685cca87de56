package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.Pic8259Pair;
import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The advice of a gate, followed: it opens the gate. */
class FixTest {

    private static final int GSI = 20;
    private static final long LEVEL = 1 << 15;
    private static final long REMOTE_IRR = 1 << 14;

    private static Gate gate(GatePath path, GateKind kind) {
        return path.gates().stream().filter(gate -> gate.kind() == kind).findFirst().orElseThrow();
    }

    private static GatePath held(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, GSI, Trigger.LEVEL);
    }

    private static GatePath message(GuestStateSample sample, int vector) {
        return Gates.ofMessage(sample.state(), Route.MSI, new MsiMessage(0xfee00000, vector));
    }

    /** As many EOIs as handlers are named, no fewer. */
    @ParameterizedTest
    @CsvSource({"0x08, 1, level 3", "0x28, 2, 'levels 3, 5'", "0x29, 3, 'levels 0, 3, 5'", "0xa8, 2, 'levels 3, 5'"})
    void handlersInService_areNamedAndTheirEoisOpenTheIsr(String isr, int count, String named) {
        Pic8259Pair pair = new Pic8259Pair();
        PicState master = pic(0x20, 0, Integer.decode(isr));
        pair.restore(master, pic(0x28, 0, 0));

        for (int eoi = 0; eoi < count; eoi++) {
            Gate gate = isr(pair);
            assertThat(gate.verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(eoi > 0 || gate.fix().contains(named)).as(gate.fix()).isTrue();
            pair.write(Pic8259Pair.MASTER_PORT, 1, 0x20);
        }

        assertThat(isr(pair).isOpen()).isTrue();
    }

    private static Gate isr(Pic8259Pair pair) {
        GuestStateSample sample = open().on(Irqchip.USERSPACE).master(pair.masterState()).slave(pair.slaveState());
        return gate(Gates.ofUserspaceLine(sample.state(), 5, Trigger.EDGE), GateKind.PIC_ISR);
    }

    @Test
    void remoteIrrOfAVectorInService_isClearedByItsEoi() {
        Gate gate = gate(held(open().pin(GSI, 0x61 | LEVEL | REMOTE_IRR).lapic(0x130, 1 << 1)),
                GateKind.IOAPIC_REMOTE_IRR);

        assertThat(gate.fix()).contains("EOI register");
    }

    /** A vCPU in HLT executes no instruction that would end the shadow. */
    @Test
    void shadowOfAVcpuInHlt_isNotEndedByAnInstruction() {
        GuestStateSample shadow = open().with(VcpuEvents.NONE.withShadow(true, false));

        assertThat(gate(message(shadow, 0x61), GateKind.SHADOW).fix()).contains("one more instruction");
        assertThat(gate(message(shadow.vcpu(0, 1, MpState.HALTED), 0x61), GateKind.SHADOW).fix())
                .contains("KVM_SET_VCPU_EVENTS")
                .doesNotContain("instruction");
    }

    /** The EOI of any vCPU clears it. */
    @Test
    void remoteIrrOfAVectorThatAnotherVcpuServes_isClearedByItsEoi() {
        GuestStateSample second = open().vcpu(1, 2, MpState.RUNNABLE).lapic(0x130, 1 << 1);
        GuestStateSample sample = open().vcpu(0, 2, MpState.RUNNABLE).pin(GSI, 0x61 | LEVEL | REMOTE_IRR);

        assertThat(gate(held(sample.peer(1, second)), GateKind.IOAPIC_REMOTE_IRR).fix()).contains("EOI register");
    }

    @Test
    void remoteIrrOfAVectorThatIsNotInService_isClearedByMakingTheEntryAnEdge() {
        Gate gate = gate(held(open().pin(GSI, 0x61 | LEVEL | REMOTE_IRR)), GateKind.IOAPIC_REMOTE_IRR);

        assertThat(gate.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(gate.fix()).contains("redirection entry 20 edge-triggered").doesNotContain("EOI");
        assertThat(held(open().pin(GSI, 0x61 | LEVEL)).firstThatIsNotOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x61, 0x60, 0x5f", "0x20, 0xff, 0x1f", "0xf0, 0xf0, 0xef"})
    void taskPriority_isOpenBelowTheValueNamed(String vector, String priority, String below) {
        int number = Integer.decode(vector);
        Gate gate = gate(message(open().lapic(0x80, Integer.decode(priority)), number), GateKind.LAPIC_TPR);

        assertThat(gate.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(gate.fix()).contains("below 0x%02x".formatted(Integer.decode(below) + 1));
        assertThat(gate(message(open().lapic(0x80, Integer.decode(below)), number), GateKind.LAPIC_TPR).isOpen())
                .isTrue();
    }

    @Test
    void vectorOfClass0_isNotAdvisedToLowerTheTaskPriority() {
        assertThat(gate(message(open(), 0x0f), GateKind.LAPIC_TPR).fix()).contains("0x10 or more");
    }

    @Test
    void lvt0OfALapicThatIsSoftwareDisabled_isWrittenAfterItIsEnabled() {
        GuestStateSample disabled = open().lapic(LAPIC_SVR, 0xff).lapic(LAPIC_LVT0, 1 << 16);

        assertThat(gate(Gates.ofKernelLine(disabled.state(), Route.LINE, 10, Trigger.EDGE), GateKind.LVT0).fix())
                .startsWith("have the guest enable its LAPIC (SVR bit 8); then ");
    }
}
