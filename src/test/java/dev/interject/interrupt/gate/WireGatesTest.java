package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.SLAVE_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static dev.interject.interrupt.gate.PicSample.requesting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A line before any controller decides: where its GSI leads, the level of its wire, and whether it already requests an
 * interrupt.
 */
class WireGatesTest {

    private static final int LINE = 10;
    private static final int BIT = 1 << 2;
    private static final int GSI = 20;
    private static final long VECTOR = 0x61;
    private static final long LEVEL = 1 << 15;

    private static GatePath line(GuestStateSample sample, Trigger trigger) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, LINE, trigger);
    }

    private static GatePath pin(GuestStateSample sample, int gsi, Trigger trigger) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, gsi, trigger);
    }

    private static Gate wire(GatePath path) {
        return path.gates().stream().filter(gate -> gate.kind() == GateKind.WIRE).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, EDGE, OPEN", "0, 4, EDGE, DROPS", "0, 0, LEVEL, OPEN", "0, 4, LEVEL, DROPS",
        "4, 0, EDGE, MISROUTED", "4, 4, EDGE, MISROUTED", "4, 0, LEVEL, OPEN", "4, 4, LEVEL, OPEN",
        "251, 251, EDGE, OPEN"})
    void inputOfAn8259_needsARiseOrAHeldLevel(int elcr, int high, Trigger trigger, Verdict verdict) {
        GuestStateSample sample = open().slave(pic(SLAVE_BASE, 0, 0).withElcr(elcr).withLinesHigh(high));
        GuestStateSample ours =
                open().on(Irqchip.USERSPACE).slave(pic(SLAVE_BASE, 0, 0).withElcr(elcr).withLinesHigh(high));

        assertThat(wire(line(sample, trigger)).verdict()).isEqualTo(verdict);
        assertThat(wire(Gates.ofUserspaceLine(ours.state(), LINE, trigger)).verdict()).isEqualTo(verdict);
    }

    @Test
    void pulseAtALevelInput_isDroppedByTheMasterAndSpuriousBehindTheSlave() {
        GuestState state = open().master(pic(MASTER_BASE, 0, 0).withElcr(1 << 3))
                .slave(pic(SLAVE_BASE, 0, 0).withElcr(BIT))
                .state();

        assertThat(Gates.ofKernelLine(state, Route.LINE, 3, Trigger.EDGE).prediction().fate())
                .isEqualTo(Prediction.Fate.DROPPED);
        assertThat(Gates.ofKernelLine(state, Route.LINE, LINE, Trigger.EDGE).prediction().fate())
                .isEqualTo(Prediction.Fate.MISROUTED);
    }

    /** The slave has no request when it is acknowledged, so it answers with its level 7 (8259A data sheet). */
    @Test
    void spuriousInterruptOfTheSlave_arrivesAtTheVectorOfItsLevel7() {
        GuestStateSample sample = open().slave(pic(SLAVE_BASE, 0, 0).withElcr(BIT));

        GatePath path = line(sample, Trigger.EDGE);

        assertThat(path.prediction().fate()).isEqualTo(Prediction.Fate.MISROUTED);
        assertThat(path.prediction().vectors()).containsExactly(SLAVE_BASE + 7);
        assertThat(path.vector()).isEqualTo(SLAVE_BASE + 7);
    }

    @Test
    void spuriousInterruptOfTheSlaveWithoutAHandler_breaksTheGuest() {
        GuestStateSample sample =
                open().slave(pic(SLAVE_BASE, 0, 0).withElcr(BIT)).idt(SLAVE_BASE * 16 + 15, TableSample.gates());

        assertThat(line(sample, Trigger.EDGE).prediction().fate()).isEqualTo(Prediction.Fate.BREAKS);
        assertThat(line(sample, Trigger.EDGE).prediction().because()).map(Gate::kind).hasValue(GateKind.IDT);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 15})
    void level7WithAutomaticEoi_isTreatedAsSpurious(int line) {
        GuestState state = open().master(pic(MASTER_BASE, 0, 0).withAutoEoi(true))
                .slave(pic(SLAVE_BASE, 0, 0).withAutoEoi(true))
                .state();

        assertThat(Gates.ofKernelLine(state, Route.LINE, line, Trigger.EDGE).firstThatForbids()).map(Gate::kind)
                .hasValue(GateKind.SPURIOUS);
        assertThat(Gates.ofKernelLine(state, Route.LINE, line - 1, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
        assertThat(Gates.ofKernelLine(open().state(), Route.LINE, line, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void inputOfAn8259_showsItsTriggerAndItsLine() {
        assertThat(wire(line(open().slave(pic(SLAVE_BASE, 0, 0).withElcr(BIT)), Trigger.EDGE)))
                .returns("slave 8259, wire", Gate::place)
                .returns("ELCR level, line low", Gate::evidence);
        assertThat(wire(line(open().slave(pic(SLAVE_BASE, 0, 0).withLinesHigh(BIT)), Trigger.EDGE)))
                .returns("ELCR edge, line high", Gate::evidence);
    }

    @Test
    void lineThatAlreadyRequests_coalesces() {
        GatePath path = line(open().slave(requesting(SLAVE_BASE, BIT)), Trigger.EDGE);

        assertThat(path.firstThatIsNotOpen()).hasValueSatisfying(gate -> {
            assertThat(gate.kind()).isEqualTo(GateKind.PIC_IRR);
            assertThat(gate.verdict()).isEqualTo(Verdict.COALESCES);
            assertThat(gate.place()).isEqualTo("slave 8259, IRR");
            assertThat(gate.evidence()).isEqualTo("IRR 0x04");
        });
        assertThat(line(open().slave(requesting(SLAVE_BASE, ~BIT & 0xff)), Trigger.EDGE).firstThatIsNotOpen())
                .isEmpty();
    }

    @Test
    void requestOfTheLine_isTheLastGateOnEveryPathThroughAn8259() {
        GuestState kernel = open().closed()
                .pit(PitSample.armed())
                .master(requesting(MASTER_BASE, 1))
                .slave(requesting(SLAVE_BASE, BIT))
                .state();
        GuestState userspace = open().on(Irqchip.USERSPACE).closed().slave(requesting(SLAVE_BASE, BIT)).state();

        assertThat(Gates.ofKernelLine(kernel, Route.LINE, LINE, Trigger.EDGE).gates().getLast().verdict())
                .isEqualTo(Verdict.COALESCES);
        assertThat(Gates.ofUserspaceLine(userspace, LINE, Trigger.EDGE).gates().getLast().verdict())
                .isEqualTo(Verdict.COALESCES);
        assertThat(Gates.ofPit(kernel, Route.PIT).gates().getLast().verdict()).as("KVM re-injects ticks")
                .isEqualTo(Verdict.HOLDS);
        assertThat(Gates.ofPit(kernel, Route.PIT).firstThatIsNotOpen()).map(Gate::kind)
                .hasValue(GateKind.INTERRUPT_FLAG);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 23})
    void edgeAtAnIoapicPinThatIsHeldHigh_isDropped(int gsi) {
        GatePath path = pin(open().pin(gsi, VECTOR).high(gsi), gsi, Trigger.EDGE);

        assertThat(path.firstThatIsNotOpen()).map(Gate::place).hasValue("IOAPIC, pin %d, wire".formatted(gsi));
        assertThat(path.prediction().fate()).isEqualTo(Prediction.Fate.DROPPED);
    }

    @Test
    void ioapicPin_isOpenIfItIsLowOrALevel() {
        assertThat(pin(open().pin(GSI, VECTOR).high(GSI + 1).high(GSI - 1), GSI, Trigger.EDGE).firstThatIsNotOpen())
                .isEmpty();
        assertThat(pin(open().pin(GSI, VECTOR | LEVEL).high(GSI), GSI, Trigger.LEVEL).firstThatIsNotOpen()).isEmpty();
        assertThat(pin(open().pin(GSI, VECTOR | LEVEL), GSI, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void pinOfTheIoapic_isNotReadFromTheMemoryOfThe8259s() {
        GuestStateSample sample =
                open().pin(LINE, VECTOR).slave(pic(SLAVE_BASE, 0xff, 0).withLinesHigh(BIT));

        assertThat(line(sample, Trigger.EDGE).prediction()).returns(Prediction.Fate.TAKEN, Prediction::fate);
        assertThat(line(sample.high(LINE), Trigger.EDGE).firstThatIsNotOpen()).isPresent();
    }

    @Test
    void pinOfTheIoapic_isHighIfItsIrrBitIsSet() {
        assertThat(pin(open().pin(GSI, VECTOR).ioapicIrr(1 << GSI), GSI, Trigger.EDGE).firstThatIsNotOpen())
                .map(Gate::place)
                .hasValue("IOAPIC, pin 20, wire");
    }

    @ParameterizedTest
    @CsvSource({"0xff, 0x00", "0x00, 0x04", "0x00, 0x01"})
    void pulseAtALevelInputThatTheSlaveHolds_leavesNoRequest(String imr, String isr) {
        PicState slave = pic(SLAVE_BASE, Integer.decode(imr), Integer.decode(isr)).withElcr(BIT);

        assertThat(line(open().slave(slave), Trigger.EDGE).prediction().fate()).isEqualTo(Prediction.Fate.DROPPED);
    }

    @ParameterizedTest
    @CsvSource({"0, NOT_PORTABLE", "1, DROPS"})
    void levelAtALineThatIsFixedAsEdge_isDroppedIfTheLineIsHighAlready(int high, Verdict verdict) {
        GuestStateSample sample = open().slave(pic(SLAVE_BASE, 0, 0).withLinesHigh(high));

        assertThat(wire(Gates.ofKernelLine(sample.state(), Route.LINE, 8, Trigger.LEVEL)).verdict())
                .isEqualTo(verdict);
    }

    @Test
    void cascadeThatTheElcrMakesALevel_neverReachesTheMaster() {
        GatePath path = line(open().master(pic(MASTER_BASE, 0, 0).withElcr(1 << 2)), Trigger.EDGE);

        assertThat(path.firstThatIsNotOpen()).map(Gate::place).hasValue("master 8259, cascade, wire");
        assertThat(path.prediction().fate()).isEqualTo(Prediction.Fate.WAITS);
    }

    @Test
    void isaPinOfTheUserspaceIoapic_isHighIfItIsHeldHigh() {
        GuestStateSample split = open().on(Irqchip.SPLIT).pin(LINE, VECTOR);

        assertThat(line(split, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
        assertThat(line(split.high(LINE), Trigger.EDGE).firstThatIsNotOpen()).map(Gate::kind).hasValue(GateKind.WIRE);
    }

    @Test
    void gsiWithoutARoute_isDroppedAtLineAndPin() {
        GsiRoute another = new GsiRoute.ToMessage(LINE + 1, MsiMessage.fixed(0, (int) VECTOR));

        assertThat(line(open().routes(another), Trigger.EDGE).firstThatIsNotOpen()).hasValueSatisfying(gate -> {
            assertThat(gate.kind()).isEqualTo(GateKind.ROUTE);
            assertThat(gate.verdict()).isEqualTo(Verdict.DROPS);
            assertThat(gate.evidence()).isEqualTo("no entry for GSI 10");
        });
        assertThat(pin(open().pin(GSI, VECTOR).routes(another), GSI, Trigger.EDGE).firstThatIsNotOpen())
                .map(Gate::kind)
                .hasValue(GateKind.ROUTE);
    }

    @Test
    void routedGsi_showsItsDestination() {
        assertThat(line(open(), Trigger.EDGE).gates()).contains(Gate.open(GateKind.ROUTE, "GSI, routing",
                "slave 8259, pin 2; IOAPIC, pin 10", "2 entries for GSI 10: it reaches each of them"));
        assertThat(pin(open().pin(GSI, VECTOR), GSI, Trigger.EDGE).gates())
                .contains(Gate.open(GateKind.ROUTE, "GSI, routing", "IOAPIC, pin 20",
                        "the only entry for GSI 20"));
    }

    @Test
    void splitIrqchip_hasNoRoutesForLines() {
        assertThat(pin(open().on(Irqchip.SPLIT).pin(GSI, VECTOR), GSI, Trigger.EDGE).gates()).extracting(Gate::kind)
                .doesNotContain(GateKind.ROUTE);
    }

    @Test
    void wires_storeWhichLinesAreHigh() {
        LineLevels levels = new LineLevels();
        levels.set(20, true);
        levels.set(3, true);
        levels.set(-1, true);
        levels.set(32, true);
        levels.set(52, true);

        assertThat(levels.high()).isEqualTo(1 << 20 | 1 << 3);
        levels.set(20, false);
        levels.set(20, false);
        levels.set(35, false);
        assertThat(levels.high()).isEqualTo(1 << 3);
    }
}
