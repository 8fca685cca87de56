package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_ON;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_DFR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_ID;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts that are addressed to several vCPUs: each takes it, or one of them. */
class TargetVcpusTest {

    private static final int FLAT = 0xffffffff;
    static final int VECTOR = 0x60;
    static final int EACH = 0;
    static final int LOGICAL = 1 << 2;
    static final int HINT = 1 << 3;
    static final int LOWEST = 1 << 8;
    private static final HostRules BY_VECTOR = HostRules.OF_THE_MANUALS.with(Departure.CHOICE_BY_VECTOR);
    static final HostRules OLD = BY_VECTOR.with(Departure.ONE_LAPIC_FOR_EACH_ID);

    /** One of several vCPUs, with a logical ID in the flat model. */
    static GuestStateSample vcpu(int number, int logicalId) {
        return open().vcpu(number, 3, MpState.RUNNABLE).lapic(LAPIC_LDR, logicalId << 24).lapic(LAPIC_DFR, FLAT);
    }

    /** Three vCPUs with these logical IDs, seen by the first. */
    static GuestStateSample three(int first, int second, int third) {
        return vcpu(0, first).peer(1, vcpu(1, second)).peer(2, vcpu(2, third));
    }

    static GatePath message(GuestState state, int destination, int mode, int data) {
        return Gates.ofMessage(state, Route.MSI, new MsiMessage(0xfee00000 | destination << 12 | mode, data));
    }

    static List<Integer> takers(GuestState state, int destination, int mode, int data) {
        return message(state, destination, mode, data).targetVcpus().vcpus();
    }

    @ParameterizedTest
    @CsvSource({"0xff, 0, '[0, 1, 2]'", "0x03, 4, '[0, 1]'", "0x06, 4, '[]'", "0xff, 4, '[0, 1, 2]'", "1, 0, '[]'"})
    void messageToSeveral_isTakenByEach(String destination, int mode, String vcpus) {
        GatePath path = message(three(1, 2, 4).state(), Integer.decode(destination), mode, VECTOR);

        assertThat(path.targetVcpus().vcpus()).hasToString(vcpus);
        assertThat(path.targetVcpus().areRivals()).isFalse();
        assertThat(path.prediction().arrivals()).hasSameSizeAs(path.targetVcpus().vcpus());
    }

    @ParameterizedTest
    @CsvSource({"0xff, 12, 0x60", "0x07, 12, 0x60", "0x07, 4, 0x160", "0xff, 8, 0x60"})
    void redirectionHintOrLowestPriority_isTakenByOneThatIsNotDetermined(String destination, int mode, String data) {
        GatePath path = message(three(1, 2, 4).state(), Integer.decode(destination), mode, Integer.decode(data));

        assertThat(path.prediction().arrivals()).containsExactly(new Arrival(List.of(0, 1, 2), VECTOR));
        assertThat(path.prediction().fate()).isEqualTo(Fate.TAKEN);
        assertThat(path.targetVcpus()).isEqualTo(new TargetVcpus(List.of(0, 1, 2), true));
    }

    @Test
    void physicalBroadcastOfLowestPriority_isTakenByEach() {
        assertThat(message(three(1, 2, 4).state(), 0xff, EACH, VECTOR | LOWEST).targetVcpus().areRivals()).isFalse();
    }

    /** {@code kvm_irq_delivery_to_apic} in arch/x86/kvm. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void physicalBroadcastWithTheHint_isFixedInEachMode(int mode) {
        GatePath path = message(three(1, 2, 4).state(), 0xff, HINT, VECTOR | mode << 8);

        assertThat(path.prediction().arrivals()).containsExactly(new Arrival(List.of(0, 1, 2), VECTOR));
        assertThat(path.gates()).filteredOn(gate -> gate.place().equals("message, mode"))
                .singleElement()
                .returns(Verdict.NOT_PORTABLE, Gate::verdict);
    }

    @ParameterizedTest
    @CsvSource({"0xff000000000c0160, false", "0x01000000000c0160, true", "0xff00000000080160, false",
        "0xff000000000c0960, true"})
    void ipiOfLowestPriorityWithAShorthand_isTakenByEachIfItsDestinationIs0xff(String bits, boolean areRivals) {
        GatePath path = Gates.ofIpi(three(1, 2, 4).state(), Route.IPI, new Icr(Long.parseUnsignedLong(bits.substring(2),
                16), false));

        assertThat(path.targetVcpus().areRivals()).isEqualTo(areRivals);
    }

    @ParameterizedTest
    @CsvSource({"0x60, 0", "0x61, 1", "0x62, 2", "0x63, 0"})
    void vectorHashing_determinesTheOne(String vector, int taker) {
        GuestState state = three(1, 2, 4).state().with(BY_VECTOR);
        int number = Integer.decode(vector);

        for (int destination : List.of(0x07, 0xff)) {
            assertThat(state.seenBy(taker)).satisfies(seen -> assertThat(
                    takers(seen, destination, LOGICAL | HINT, number)).containsExactly(taker));
        }
    }

    @Test
    void vectorHashingOverALogicalIdThatIsMissing_drops() {
        GuestState state = three(1, 4, 8).state().with(BY_VECTOR);

        assertThat(takers(state, 0x07, LOGICAL, VECTOR | LOWEST)).containsExactly(0);
        assertThat(message(state, 0x07, LOGICAL, VECTOR + 1 | LOWEST).prediction().fate()).isEqualTo(Fate.DROPPED);
        assertThat(message(state, 0x07, LOGICAL, VECTOR + 1 | LOWEST).firstThatIsNotOpen()).map(Gate::kind)
                .hasValue(GateKind.DESTINATION);
    }

    @Test
    void lapicThatIsOff_isNotAddressed() {
        GuestStateSample off = vcpu(1, 2).apicBase(APIC_BASE & ~APIC_BASE_ON);
        GuestState state = three(1, 2, 4).peer(1, off).state();

        assertThat(takers(state, 0xff, EACH, VECTOR)).containsExactly(0, 2);
        assertThat(message(state.seenBy(1), 1, EACH, VECTOR).firstThatIsNotOpen()).map(Gate::place)
                .hasValue("LAPIC, IA32_APIC_BASE");
    }

    @Test
    void twoLapicsWithOneId_bothTakeIt() {
        GuestState state = three(1, 2, 4).peer(2, vcpu(2, 4).lapic(LAPIC_ID, 0)).state();

        assertThat(takers(state, 0, EACH, VECTOR)).containsExactly(0, 2);
    }

    @Test
    void vcpuThatWasNotStarted_isAddressedAndTakesNothing() {
        GuestStateSample waiting = open().vcpu(2, 3, MpState.UNINITIALIZED).lapic(LAPIC_SVR, 0xff);
        GatePath path = message(three(1, 2, 4).peer(2, waiting).state(), 0xff, EACH, VECTOR);

        assertThat(path.targetVcpus().vcpus()).containsExactly(0, 1);
        assertThat(path.prediction().fate()).isEqualTo(Fate.TAKEN);
        assertThat(path.branches().getLast().prediction().because()).map(Gate::kind).hasValue(GateKind.ACTIVITY);
    }

    @Test
    void interruptForSeveral_waitsForTheLast() {
        GatePath path = message(three(1, 2, 4).peer(1, vcpu(1, 2).closed()).state(), 0xff, EACH, VECTOR);

        assertThat(path.prediction().fate()).isEqualTo(Fate.WAITS);
        assertThat(path.prediction().arrivals()).extracting(Arrival::vcpus).containsExactly(List.of(0), List.of(2));
        assertThat(path.main().orElseThrow().to().vcpu()).isEqualTo(1);
    }

    @Test
    void pinForSeveral_hasABranchForEach() {
        GuestState state = three(1, 2, 4).pin(20, VECTOR | 1 << 11 | 5L << 56).state();
        GatePath path = Gates.ofKernelLine(state, Route.LINE, 20, Trigger.EDGE);

        assertThat(path.targetVcpus().vcpus()).containsExactly(0, 2);
        assertThat(path.branches()).extracting(branch -> branch.input().toString()).containsOnly("IOAPIC, pin 20");
    }

    @ParameterizedTest
    @CsvSource({"0x44060, '[0]'", "0x84060, '[0, 1, 2]'", "0xc4060, '[1, 2]'", "0x0200000000004060, '[2]'",
        "0x0500000000004860, '[0, 2]'"})
    void ipi_goesByShorthandOrDestination(String bits, String takers) {
        GuestState state = three(1, 2, 4).state();
        Icr icr = new Icr(Long.decode(bits), false);
        int target = takers.charAt(1) - '0';

        assertThat(Gates.ofIpi(state.seenBy(target), Route.IPI, icr).targetVcpus().vcpus()).hasToString(takers);
    }

    @Test
    void ipiOfASenderThatIsClosed_waits() {
        GatePath path = Gates.ofIpi(three(1, 2, 4).closed().state().seenBy(1), Route.IPI,
                Icr.fixed(1, VECTOR, false));

        assertThat(path.prediction().fate()).isEqualTo(Fate.WAITS);
        assertThat(path.firstThatIsNotOpen()).map(Gate::place).hasValue("sender vCPU 0, vCPU, RFLAGS.IF");
    }

    @ParameterizedTest
    @CsvSource({"0x0100000000004500, BREAKS", "0x0100000000004600, DROPS", "0x0100000000000461, OPEN",
        "0x0100000000008560, DROPS", "0x0100000000008460, OPEN", "0x0100000000000760, MISROUTED",
        "0x0100000000000260, BREAKS"})
    void modeOfAnIpi_decides(String bits, Verdict verdict) {
        GatePath path = Gates.ofIpi(three(1, 2, 4).state().seenBy(1), Route.IPI, new Icr(Long.decode(bits), false));

        assertThat(path.gates()).filteredOn(gate -> gate.kind() == GateKind.ICR)
                .extracting(Gate::verdict)
                .containsExactly(verdict);
    }

    @Test
    void nmiByMessage_arrivesAtVector2ForAGuestThatExpectsIt() {
        MsiMessage nmi = new MsiMessage(0xfee00000, 0x400);

        assertThat(Gates.ofMessage(three(1, 2, 4).state(), Route.MSI, nmi).firstThatForbids()).map(Gate::kind)
                .hasValue(GateKind.NMI_HANDLER);
        assertThat(Gates.ofMessage(three(1, 2, 4).state(), Route.MSI, nmi).vector()).isEqualTo(2);
    }

    // --- KVM's table

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x03})
    void oldKernels_findALogicalIdByItsLowestBit(int destination) {
        GuestState state = three(3, 4, 8).state();

        assertThat(takers(state, destination, LOGICAL, VECTOR)).containsExactly(0);
        assertThat(takers(state.with(OLD), destination, LOGICAL, VECTOR).isEmpty()).isEqualTo(destination == 2);
        assertThat(takers(state.with(BY_VECTOR), destination, LOGICAL, VECTOR)).containsExactly(0);
    }

    @Test
    void oldKernels_findOneOfTheLapicsWithAnId() {
        GuestState state = three(4, 4, 8).peer(2, vcpu(2, 8).lapic(LAPIC_ID, 0)).state().with(OLD);

        assertThat(takers(state.seenBy(1), 4, LOGICAL, VECTOR)).containsExactly(1); // the last
        assertThat(takers(state, 0, EACH, VECTOR)).containsExactly(0); // the first
        assertThat(takers(state, 0xff, EACH, VECTOR)).containsExactly(0, 1, 2); // a broadcast compares all
    }

    @Test
    void oldKernels_compareAllWhereTheModelsDiffer() {
        GuestStateSample cluster = vcpu(1, 0x13).lapic(LAPIC_DFR, 0x0fffffff);
        GuestState state = three(3, 4, 8).peer(1, cluster).state().with(OLD);

        assertThat(takers(state, 0x02, LOGICAL, VECTOR)).containsExactly(0);
        assertThat(takers(state.seenBy(1), 0x12, LOGICAL, VECTOR)).containsExactly(1, 0);
    }
}
