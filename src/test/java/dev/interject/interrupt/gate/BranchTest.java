package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.SLAVE_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PicState;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A GSI that leads to several controllers (api.rst, KVM_CREATE_IRQCHIP, KVM_SET_GSI_ROUTING). */
class BranchTest {

    private static final int LINE = 5;
    private static final long VECTOR = 0x35;
    private static final long MASKED = 1 << 16;
    private static final int MASTER = 0;
    private static final int SLAVE = 1;
    private static final int IOAPIC = 2;
    private static final int LAPIC_ISR_OF_0X60 = 0x130;
    private static final int LAPIC_IRR = 0x200;

    private static GatePath line(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, LINE, Trigger.EDGE);
    }

    private static GuestStateSample masked8259s(int base) {
        return open().master(pic(base, 0xff, 0)).slave(pic(base, 0xff, 0));
    }

    @Test
    void lineThatBothControllersDeliver_isTakenAtTwoVectors() {
        Prediction prediction = line(open().pin(LINE, VECTOR)).prediction();

        assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
        assertThat(prediction.vectors()).containsExactly(MASTER_BASE + LINE, (int) VECTOR);
    }

    @Test
    void lineThatThe8259sDeliverAsAnException_breaksTheGuestRegardlessOfTheIoapic() {
        GatePath path = line(open().pin(LINE, VECTOR).master(pic(0, 0, 0)));

        assertThat(path.prediction()).returns(Fate.BREAKS, Prediction::fate)
                .satisfies(prediction -> assertThat(prediction.because()).map(Gate::kind).hasValue(GateKind.PIC_BASE));
        assertThat(path.firstThatForbids()).map(Gate::kind).hasValue(GateKind.PIC_BASE);
        assertThat(path.vector()).isEqualTo(LINE);
    }

    @Test
    void lineThatIsPendingAtBoth_isHeldWhereItIsNotMasked() {
        PicState masked = pic(MASTER_BASE, 0xff, 0).withIrr(1 << LINE);
        GatePath path = line(open().master(masked)
                .slave(pic(0, 0xff, 0))
                .pin(LINE, VECTOR)
                .lapic(LAPIC_ISR_OF_0X60, 1)
                .lapic(LAPIC_IRR + 16 * ((int) VECTOR / 32), 1 << VECTOR % 32));

        assertThat(path.prediction()).returns(Fate.MERGES, Prediction::fate)
                .satisfies(prediction -> assertThat(prediction.heldBy()).map(Gate::kind).hasValue(GateKind.LAPIC_ISR));
        assertThat(path.firstThatIsNotOpen()).map(Gate::kind).hasValue(GateKind.LAPIC_ISR);
    }

    @Test
    void lineThatBothControllersMask_waitsAtThe8259sWithAnyVectorBase() {
        GatePath path = line(masked8259s(0).pin(LINE, MASKED | VECTOR));

        assertThat(path.prediction()).returns(Fate.WAITS, Prediction::fate)
                .satisfies(prediction -> assertThat(prediction.because()).map(Gate::kind).hasValue(GateKind.PIC_IMR));
        assertThat(path.firstThatForbids()).isEmpty();
        assertThat(path.prediction().vectors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x35, TAKEN", "0x0735, MISROUTED", "0x0f00000000000035, MISROUTED", "0x10035, WAITS"})
    void lineThatThe8259sMask_hasTheVerdictOfTheIoapic(String entry, Fate fate) {
        GatePath path = line(masked8259s(0).pin(LINE, Long.decode(entry)));

        assertThat(path.prediction().fate()).isEqualTo(fate);
        assertThat(path.firstThatForbids().isPresent()).isEqualTo(fate == Fate.MISROUTED);
    }

    @Test
    void lineWithoutADestinationAtTheIoapic_isTakenThroughThe8259s() {
        GatePath path = line(open().pin(LINE, 0x0f00000000000000L | VECTOR));

        assertThat(path.prediction()).returns(Fate.TAKEN, Prediction::fate);
        assertThat(path.firstThatForbids()).isEmpty();
        assertThat(path.others()).singleElement().satisfies(branch -> {
            assertThat(branch.input()).hasToString("IOAPIC, pin 5");
            assertThat(branch.prediction().fate()).isEqualTo(Fate.MISROUTED);
            assertThat(branch.reachedGates().getLast().kind()).isEqualTo(GateKind.APIC_ID);
        });
    }

    @Test
    void routeToAnotherPin_isFollowedThere() {
        GatePath path = line(open().routes(new GsiRoute.ToPin(LINE, IOAPIC, 2)).pin(2, 0x61).pin(LINE, VECTOR));

        assertThat(path.prediction().vectors()).containsExactly(0x61);
        assertThat(path.gates()).extracting(Gate::place).contains("IOAPIC, pin 2");
    }

    @Test
    void routeToAPinOfAn8259_isFollowedToItsChip() {
        assertThat(line(open().routes(new GsiRoute.ToPin(LINE, SLAVE, 3))).prediction().vectors())
                .containsExactly(SLAVE_BASE + 3);
        assertThat(line(open().routes(new GsiRoute.ToPin(LINE, MASTER, 7))).prediction().vectors())
                .containsExactly(MASTER_BASE + 7);
    }

    @Test
    void routesToAllThree_areFollowedTogether() {
        GatePath path = line(open().pin(20, 0x61)
                .routes(new GsiRoute.ToPin(LINE, MASTER, 6), new GsiRoute.ToPin(LINE, SLAVE, 1),
                        new GsiRoute.ToPin(LINE, IOAPIC, 20)));

        assertThat(path.prediction().vectors()).containsExactly(MASTER_BASE + 6, SLAVE_BASE + 1, 0x61);
    }

    @Test
    void routeToAMessage_isSentByTheLine() {
        GatePath path = line(open().routes(new GsiRoute.ToMessage(LINE, MsiMessage.fixed(0, 0x71))));

        assertThat(path.prediction().vectors()).containsExactly(0x71);
        assertThat(path.gates()).extracting(Gate::place).contains("message, address").doesNotContain("IOAPIC, pin 5");
    }

    @Test
    void gsiAboveThePins_existsIfItIsRouted() {
        GuestStateSample sample = open().routes(new GsiRoute.ToMessage(100, MsiMessage.fixed(0, 0x71)));

        assertThat(Gates.ofKernelLine(sample.state(), Route.LINE, 100, Trigger.EDGE).prediction().vectors())
                .containsExactly(0x71);
    }

    @Test
    void pit_followsTheRoutesOfGsi0() {
        GatePath path = Gates.ofPit(masked8259s(MASTER_BASE).routes(new GsiRoute.ToPin(0, MASTER, 0),
                new GsiRoute.ToPin(0, IOAPIC, 2)).pin(2, 0x61).pit(PitSample.armed()).state(), Route.PIT);

        assertThat(path.prediction().vectors()).containsExactly(0x61);
    }

    @Test
    void line2_arrivesAsASpuriousInterruptOfTheSlave() {
        Prediction prediction = Gates.ofKernelLine(open().state(), Route.LINE, 2, Trigger.EDGE).prediction();

        assertThat(prediction.fate()).isEqualTo(Fate.BREAKS);
        assertThat(prediction.vectors()).containsExactly(SLAVE_BASE + 7);
    }

    @Test
    void line2OfMasked8259s_isAnOrdinaryIoapicPin() {
        GuestState state = masked8259s(0).pin(2, 0x61).state();

        assertThat(Gates.ofKernelLine(state, Route.LINE, 2, Trigger.EDGE).prediction().vectors())
                .containsExactly(0x61);
    }

    @ParameterizedTest
    @CsvSource({"0x08, 4, TAKEN", "0x00, 7, BREAKS", "0x70, 0, TAKEN"})
    void vectorBaseOfABios_countsAsProgrammed(String base, int line, Fate fate) {
        GuestStateSample sample = open().inRealMode().master(pic(Integer.decode(base), 0, 0)).idt(ivt());
        GatePath path = Gates.ofKernelLine(sample.state(), Route.LINE, line, Trigger.EDGE);

        assertThat(path.prediction().fate()).isEqualTo(fate);
        assertThat(path.vector()).isEqualTo(Integer.decode(base) + line);
    }

    private static byte[] ivt() {
        byte[] table = new byte[1024];
        for (int vector = 0; vector < 256; vector++) {
            table[vector * 4 + 1] = (byte) 0x80;
        }
        return table;
    }
}
