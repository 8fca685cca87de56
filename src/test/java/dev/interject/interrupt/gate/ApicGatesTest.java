package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_ON;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_DFR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApicGatesTest {

    private static final int GSI = 20;
    private static final long VECTOR = 0x61;
    private static final long MASKED = 1 << 16;
    private static final long LEVEL = 1 << 15;
    private static final long REMOTE_IRR = 1 << 14;
    private static final int TPR = 0x80;
    private static final int LVT_TIMER = 0x320;
    private static final int IRR_0X60 = 0x230;
    private static final MsiMessage MESSAGE = MsiMessage.fixed(0, (int) VECTOR);

    private static GatePath line(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, GSI, Trigger.EDGE);
    }

    private static GatePath held(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, GSI, Trigger.LEVEL);
    }

    private static GuestStateSample opened() {
        return open().pin(GSI, VECTOR);
    }

    /** Place and verdict of the one gate that is not open. */
    private static void assertOnly(GatePath gatePath, String place, Verdict verdict) {
        List<Gate> notOpen = gatePath.gates().stream().filter(gate -> gate.verdict() != Verdict.OPEN).toList();
        assertThat(notOpen).extracting(Gate::place, Gate::verdict).containsExactly(tuple(place, verdict));
    }

    @Test
    void unmaskedPin_leadsThroughTheIoapicAndTheLapic() {
        GatePath gatePath = line(opened());

        assertThat(gatePath.vector()).isEqualTo(0x61);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).extracting(Gate::place)
                .containsSubsequence("KVM_IRQ_LINE_STATUS", "GSI", "IOAPIC, pin 20", "LAPIC, SVR", "LAPIC, TPR",
                        "vCPU, RFLAGS.IF", "IDT, vector 0x61")
                .noneMatch(place -> place.contains("8259"));
    }

    @Test
    void maskedPin_dropsAPulseAndHoldsALevel() {
        assertOnly(line(open().pin(GSI, VECTOR | MASKED)), "IOAPIC, pin 20", Verdict.DROPS);
        assertOnly(line(open().pin(GSI, VECTOR | MASKED | LEVEL)), "IOAPIC, pin 20", Verdict.DROPS);
        assertOnly(held(open().pin(GSI, VECTOR | MASKED)), "IOAPIC, pin 20", Verdict.DROPS);
        assertOnly(held(open().pin(GSI, VECTOR | MASKED | LEVEL)), "IOAPIC, pin 20", Verdict.HOLDS);
    }

    @Test
    void pinWithoutAVectorOfItsOwn_breaks() {
        assertThat(line(open().pin(GSI, 0x10)).firstThatForbids()).map(Gate::place).hasValue("vector");
    }

    @ParameterizedTest
    @CsvSource({"2, BREAKS, SMI (delivery mode 2)", "3, MISROUTED, reserved (delivery mode 3)",
        "5, BREAKS, INIT (delivery mode 5)",
        "6, DROPS, start-up (delivery mode 6)", "7, MISROUTED, ExtINT (delivery mode 7)"})
    void deliveryModeOfFirmware_isNotAnInterruptForPinOrMessage(long mode, Verdict verdict, String evidence) {
        GatePath pin = line(open().pin(GSI, VECTOR | mode << 8));
        GatePath message =
                Gates.ofMessage(open().state(), Route.MSI, new MsiMessage(0xfee00000, (int) (VECTOR | mode << 8)));

        assertOnly(pin, "IOAPIC, pin 20, mode", verdict);
        assertThat(pin.firstThatIsNotOpen()).map(Gate::evidence).hasValue(evidence);
        assertThat(pin.firstThatIsNotOpen()).map(Gate::kind).hasValue(GateKind.IOAPIC_MODE);
        assertOnly(message, "message, mode", verdict);
        assertThat(message.firstThatIsNotOpen()).map(Gate::evidence).hasValue(evidence);
        assertThat(message.firstThatIsNotOpen()).map(Gate::kind).hasValue(GateKind.MESSAGE);
    }

    @Test
    void lowestPriority_isAnOrdinaryInterrupt() {
        assertThat(line(open().pin(GSI, VECTOR | 1 << 8)).firstThatIsNotOpen()).isEmpty();
        assertThat(Gates.ofMessage(open().state(), Route.MSI, new MsiMessage(0xfee00000, (int) VECTOR | 1 << 8))
                .firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void pinForNmis_arrivesAtVector2WhateverItsVector() {
        GatePath pin = line(open().pin(GSI, 4 << 8));

        assertThat(pin.vector()).isEqualTo(2);
        assertThat(pin.firstThatIsNotOpen()).map(Gate::kind).hasValue(GateKind.NMI_HANDLER);
    }

    @ParameterizedTest
    @CsvSource({"0x00, MISROUTED", "0x0f, MISROUTED", "0x10, BREAKS", "0x1f, BREAKS", "0x20, OPEN", "0xff, OPEN"})
    void vectorThatNoLapicAccepts_isMisroutedAndThatOfAnExceptionBreaks(String number, Verdict verdict) {
        int vector = Integer.decode(number);
        GuestState state = open().pin(GSI, vector).lapic(LVT_TIMER, vector).state();

        assertThat(List.of(Gates.ofKernelLine(state, Route.LINE, GSI, Trigger.EDGE),
                Gates.ofMessage(state, Route.MSI, MsiMessage.fixed(0, vector)),
                Gates.ofIpi(state, Route.IPI, Icr.fixed(0, vector, false)),
                Gates.ofLapicTimer(state, Route.LAPIC_TIMER)))
                .allSatisfy(gatePath -> assertThat(gatePath.gates()).filteredOn(gate -> gate.kind() == GateKind.VECTOR)
                        .extracting(Gate::verdict)
                        .containsExactly(verdict));
    }

    @Test
    void levelWithoutItsEoi_holdsTheNextAndDropsAPulse() {
        assertOnly(held(open().pin(GSI, VECTOR | LEVEL | REMOTE_IRR)), "IOAPIC, pin 20, remote IRR", Verdict.HOLDS);
        assertOnly(line(open().pin(GSI, VECTOR | LEVEL | REMOTE_IRR)), "IOAPIC, pin 20, remote IRR", Verdict.DROPS);
        assertThat(line(open().pin(GSI, VECTOR | LEVEL)).firstThatIsNotOpen()).isEmpty();
        assertThat(line(open().pin(GSI, VECTOR | REMOTE_IRR)).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void levelThatIsStillRequested_coalesces() {
        assertOnly(held(open().pin(GSI, VECTOR | LEVEL | REMOTE_IRR).lapic(IRR_0X60, 1 << 1)), "LAPIC, IRR",
                Verdict.COALESCES);
    }

    @Test
    void pinForAnotherCpu_isMisrouted() {
        assertOnly(line(open().pin(GSI, VECTOR | 5L << 56)), "IOAPIC, pin 20, destination", Verdict.MISROUTED);
    }

    @Test
    void disabledLapic_drops() {
        assertOnly(line(opened().lapic(LAPIC_SVR, 0xff)), "LAPIC, SVR", Verdict.DROPS);
    }

    @Test
    void lapicThatIsOff_dropsMessages() {
        assertOnly(line(opened().apicBase(APIC_BASE & ~APIC_BASE_ON)), "LAPIC, IA32_APIC_BASE", Verdict.DROPS);
        assertOnly(Gates.ofMessage(open().apicBase(0).state(), Route.MSI, MESSAGE), "LAPIC, IA32_APIC_BASE",
                Verdict.DROPS);
    }

    /** Intel SDM vol. 3A, "Enabling or Disabling the Local APIC": it takes no NMI and no INIT. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void lapicThatIsOff_dropsNmisAndInits(int mode) {
        GuestStateSample off = open().apicBase(0);
        MsiMessage message = new MsiMessage(MESSAGE.address(), mode << 8);

        assertThat(Gates.ofMessage(off.state(), Route.MSI, message).prediction().fate())
                .isEqualTo(Prediction.Fate.DROPPED);
        assertThat(line(off.pin(GSI, mode << 8)).prediction().fate()).isEqualTo(Prediction.Fate.DROPPED);
    }

    @Test
    void lapicThatIsOff_letsThe8259sThroughWithAnyLint0() {
        GuestStateSample off = open().apicBase(APIC_BASE & ~APIC_BASE_ON).lapic(LAPIC_LVT0, 1 << 16);
        GatePath gatePath = Gates.ofKernelLine(off.state(), Route.LINE, 10, Trigger.EDGE);

        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).filteredOn(gate -> gate.kind() == GateKind.LVT0)
                .extracting(Gate::evidence)
                .containsExactly("0x10000");
    }

    @ParameterizedTest
    @CsvSource({"0x00, OPEN", "0x5f, OPEN", "0x60, HOLDS", "0x61, HOLDS", "0xff, HOLDS"})
    void taskPriority_holdsItsClassAndThoseBelow(String priority, Verdict verdict) {
        GatePath gatePath = line(opened().lapic(TPR, Integer.decode(priority)));

        assertThat(gatePath.has(Verdict.HOLDS)).isEqualTo(verdict == Verdict.HOLDS);
    }

    @Test
    void pendingVector_coalesces() {
        assertOnly(line(opened().lapic(IRR_0X60, 1 << 1)), "LAPIC, IRR", Verdict.COALESCES);
        assertThat(line(opened().lapic(IRR_0X60, 1 << 2)).firstThatIsNotOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x130, 0, HOLDS", "0x130, 15, HOLDS", "0x130, 16, HOLDS", "0x120, 31, OPEN", "0x170, 31, HOLDS"})
    void vectorInService_holdsItsClassAndThoseBelow(String register, int bit, Verdict verdict) {
        GatePath gatePath = line(opened().lapic(Integer.decode(register), 1 << bit));

        assertThat(gatePath.has(Verdict.HOLDS)).isEqualTo(verdict == Verdict.HOLDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msi", "msi-route", "msi-irqfd"})
    void message_passesTheLapicButNoIoapic(Route path) {
        GatePath gatePath = Gates.ofMessage(open().state(), path, MESSAGE);

        assertThat(gatePath.vector()).isEqualTo(0x61);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates().getFirst().place()).isEqualTo(path.request(Irqchip.KERNEL));
        assertThat(gatePath.gates()).extracting(Gate::place)
                .contains("LAPIC, SVR")
                .noneMatch(place -> place.startsWith("IOAPIC"));
    }

    @ParameterizedTest
    @CsvSource({"0xfed00000", "0xff000000", "0"})
    void messageToAnotherAddress_isNotPortableThoughTheKernelAcceptsIt(String address) {
        MsiMessage message = new MsiMessage((int) (long) Long.decode(address), (int) VECTOR);

        GatePath gatePath = Gates.ofMessage(open().state(), Route.MSI, message);

        assertOnly(gatePath, "message, address", Verdict.NOT_PORTABLE);
        assertThat(gatePath.firstThatForbids()).map(Gate::place).hasValue("message, address");
        assertThat(gatePath.isForbiddenForever()).isTrue();
        assertThat(gatePath.prediction().fate()).isEqualTo(Prediction.Fate.TAKEN);
    }

    @Test
    void messageToAnotherCpu_isMisrouted() {
        assertOnly(Gates.ofMessage(open().state(), Route.MSI, MsiMessage.fixed(1, 0x61)), "message, destination",
                Verdict.MISROUTED);
    }

    @Test
    void messageWithoutAnIrqchip_isMisroutedAtTheFirstGate() {
        GatePath gatePath = Gates.ofMessage(open().on(Irqchip.USERSPACE).state(), Route.MSI, MESSAGE);

        assertOnly(gatePath, "KVM_SIGNAL_MSI", Verdict.MISROUTED);
        assertThat(gatePath.vector()).isEqualTo(-1);
        assertThat(gatePath.gates().getFirst().meaning()).contains("EINVAL");
    }

    @ParameterizedTest
    @EnumSource
    void nmi_passesNeitherFlagNorController(Irqchip irqchip) {
        GatePath gatePath = Gates.ofNmi(open().on(irqchip).closed().state(), true);

        assertThat(gatePath.vector()).isEqualTo(2);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void nmiDuringAnother_isHeld() {
        VcpuEvents masked = VcpuEvents.NONE.withNmiMasked(true);

        assertOnly(Gates.ofNmi(open().with(masked).state(), true), "vCPU, NMI", Verdict.HOLDS);
    }

    @Test
    void maskedLint0_holdsTheLinesOfThe8259s() {
        GatePath gatePath =
                Gates.ofKernelLine(open().lapic(LAPIC_LVT0 + 2, 0x01).state(), Route.LINE, 10, Trigger.EDGE);

        assertOnly(gatePath, "LAPIC, LVT0", Verdict.HOLDS);
    }

    @Test
    void lint0ThatIsNotExtInt_holdsTheLinesOfThe8259s() {
        GatePath gatePath =
                Gates.ofKernelLine(open().lapic(LAPIC_LVT0 + 1, 0x00).state(), Route.LINE, 10, Trigger.EDGE);

        assertOnly(gatePath, "LAPIC, LVT0", Verdict.HOLDS);
    }

    @Test
    void maskedLint0_doesNotAffectTheIoapic() {
        assertThat(line(opened().lapic(LAPIC_LVT0 + 2, 0x01)).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void broadcastMessage_reachesTheOneVcpu() {
        GatePath gatePath = Gates.ofMessage(open().state(), Route.MSI, new MsiMessage(0xfeeff000, (int) VECTOR));

        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void messageInLogicalMode_isMatchedAgainstTheLogicalId() {
        GuestState flat = open().lapic(LAPIC_DFR, -1).lapic(LAPIC_LDR, 0x02 << 24).state();

        assertThat(Gates.ofMessage(flat, Route.MSI, new MsiMessage(0xfee02004, (int) VECTOR)).firstThatIsNotOpen())
                .isEmpty();
        assertOnly(Gates.ofMessage(flat, Route.MSI, new MsiMessage(0xfee01004, (int) VECTOR)), "message, destination",
                Verdict.MISROUTED);
    }
}
