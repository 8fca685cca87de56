package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_X2APIC;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_ID;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.TargetVcpusTest.EACH;
import static dev.interject.interrupt.gate.TargetVcpusTest.HINT;
import static dev.interject.interrupt.gate.TargetVcpusTest.LOGICAL;
import static dev.interject.interrupt.gate.TargetVcpusTest.LOWEST;
import static dev.interject.interrupt.gate.TargetVcpusTest.OLD;
import static dev.interject.interrupt.gate.TargetVcpusTest.VECTOR;
import static dev.interject.interrupt.gate.TargetVcpusTest.message;
import static dev.interject.interrupt.gate.TargetVcpusTest.takers;
import static dev.interject.interrupt.gate.TargetVcpusTest.three;
import static dev.interject.interrupt.gate.TargetVcpusTest.vcpu;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import org.junit.jupiter.api.Test;

/** Which interrupts reach a LAPIC that is software-disabled: it takes NMIs, SMIs, INITs and SIPIs. */
class DisabledLapicTest {

    private static final int NMI = 4 << 8;

    private static GuestStateSample disabled(int number) {
        return vcpu(number, 1 << number).lapic(LAPIC_SVR, 0xff);
    }

    /** {@code kvm_recalculate_logical_map} of arch/x86/kvm/lapic.c leaves it out. */
    @Test
    void disabledLapic_isNotFoundByItsLogicalId() {
        GuestState state = three(1, 2, 4).peer(1, vcpu(1, 2).lapic(LAPIC_SVR, 0xff)).state();
        GuestState none = vcpu(0, 0).peer(1, vcpu(1, 2).lapic(LAPIC_SVR, 0xff)).state();

        assertThat(takers(state, 0x07, LOGICAL, VECTOR | NMI)).containsExactly(0, 2);
        assertThat(takers(none.seenBy(1), 0x02, LOGICAL, VECTOR | NMI)).isEmpty();
        assertThat(takers(none.with(OLD).seenBy(1), 0x02, LOGICAL, VECTOR | NMI)).containsExactly(1);
        assertThat(takers(state.seenBy(1), 1, EACH, VECTOR | NMI)).containsExactly(1);
        assertThat(message(none.seenBy(1), 0x02, LOGICAL, VECTOR | NMI).firstThatIsNotOpen().orElseThrow().fix())
                .startsWith("have the guest enable its LAPIC (SVR bit 8)");
    }

    @Test
    void disabledLapics_areNotChosenForLowestPriority() {
        GuestState state = disabled(0).peer(1, disabled(1)).peer(2, disabled(2)).state();

        assertThat(takers(state, 0xff, LOGICAL | HINT, VECTOR | NMI)).isEmpty();
        assertThat(takers(state, 0xff, LOGICAL, VECTOR | NMI)).containsExactly(0, 1, 2);
    }

    /** KVM delivers it before it looks for the lowest priority ({@code kvm_irq_delivery_to_apic_fast}). */
    @Test
    void ipiOfLowestPriorityToItself_reachesALapicThatIsDisabled() {
        GuestState state = vcpu(0, 1).lapic(LAPIC_SVR, 0xff).state();
        GatePath path = Gates.ofIpi(state, Route.IPI, new Icr(VECTOR | LOWEST | 1 << 18, false));

        assertThat(path.branches().getFirst().gates()).filteredOn(gate -> gate.place().equals("ICR, destination"))
                .singleElement()
                .returns(Verdict.OPEN, Gate::verdict);
    }

    /** {@code kvm_apic_map_get_logical_dest} of arch/x86/kvm/lapic.c takes the APIC IDs for x2APICs. */
    @Test
    void disabledX2apic_isFoundByItsLogicalId() {
        GuestStateSample first = open().vcpu(0, 2, MpState.RUNNABLE)
                .apicBase(APIC_BASE | APIC_BASE_X2APIC)
                .lapic(LAPIC_ID, 0)
                .lapic(
                        LAPIC_LDR, 1);
        GuestStateSample second = open().vcpu(1, 2, MpState.RUNNABLE)
                .apicBase(APIC_BASE | APIC_BASE_X2APIC)
                .lapic(LAPIC_ID, 1)
                .lapic(
                        LAPIC_LDR, 2)
                .lapic(LAPIC_SVR, 0xff);
        GuestState state = first.peer(1, second).state();

        assertThat(takers(state.seenBy(1), 0x02, LOGICAL, VECTOR | NMI)).containsExactly(1);
        assertThat(takers(state, 0x03, LOGICAL, VECTOR | NMI)).containsExactly(0, 1);
    }

    @Test
    void disabledLapic_takesNoPartInLowestPriority() {
        GuestStateSample disabled = vcpu(1, 2).lapic(LAPIC_SVR, 0xff);
        GuestState state = three(1, 2, 4).peer(1, disabled).state();

        assertThat(message(state, 0x03, LOGICAL | HINT, VECTOR).targetVcpus())
                .isEqualTo(new TargetVcpus(List.of(0), false));
        assertThat(takers(state, 0x07, LOGICAL, VECTOR)).containsExactly(0, 2);
    }
}
