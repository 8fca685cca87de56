package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.events;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The paths with a LAPIC in the kernel and the rest in user space, and those of timers in the kernel. */
class SplitGatesTest {

    private static final int LINE = 10;
    private static final int GSI = 20;
    private static final int LVT_TIMER = 0x320;
    private static final int LVT_MASKED = 1 << 16;

    private static GuestStateSample split() {
        return open().on(Irqchip.SPLIT);
    }

    private static Gate only(GatePath path, String place) {
        List<Gate> notOpen = path.gates().stream().filter(gate -> gate.verdict() != Verdict.OPEN).toList();
        assertThat(notOpen).extracting(Gate::place).containsExactly(place);
        return notOpen.getFirst();
    }

    @Test
    void lineOfTheUserspacePair_passesTheLapicsLint0() {
        GatePath path = Gates.ofUserspaceLine(split().state(), LINE, Trigger.EDGE);

        assertThat(path.vector()).isEqualTo(0x2a);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).extracting(Gate::place)
                .containsSubsequence("KVM_INTERRUPT", "slave 8259, IMR", "LAPIC, LVT0", "vCPU, RFLAGS.IF");
    }

    @Test
    void maskedLint0_holdsLineAndVector() {
        GuestState state = split().lapic(LAPIC_LVT0, LVT_MASKED | 7 << 8).state();

        assertThat(only(Gates.ofUserspaceLine(state, LINE, Trigger.EDGE), "LAPIC, LVT0").verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(only(Gates.ofVector(state, 0x41), "LAPIC, LVT0").verdict()).isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @CsvSource({"SPLIT, HOLDS", "USERSPACE, NOT_NOW"})
    void closedGuest_holdsOnlyWhereTheKernelKeepsTheVector(Irqchip irqchip, Verdict verdict) {
        GuestState closed = open().on(irqchip).closed().state();
        GuestState inShadow = open().on(irqchip).with(events(false, true, false)).state();

        assertThat(only(Gates.ofUserspaceLine(closed, LINE, Trigger.EDGE), "vCPU, RFLAGS.IF").verdict())
                .isEqualTo(verdict);
        assertThat(only(Gates.ofVector(closed, 0x41), "vCPU, RFLAGS.IF").verdict()).isEqualTo(verdict);
        assertThat(only(Gates.ofVector(inShadow, 0x41), "vCPU, interrupt shadow").verdict()).isEqualTo(verdict);
    }

    @Test
    void withoutALapicInTheKernel_thereIsNoLint0Gate() {
        assertThat(Gates.ofUserspaceLine(open().on(Irqchip.USERSPACE).state(), LINE, Trigger.EDGE).gates())
                .extracting(Gate::place)
                .doesNotContain("LAPIC, LVT0");
    }

    @Test
    void pinOfTheUserspaceIoapic_sendsAMessageAndPassesNo8259() {
        GatePath path = Gates.ofKernelLine(split().pin(GSI, 0x61).state(), Route.LINE, GSI, Trigger.EDGE);

        assertThat(path.vector()).isEqualTo(0x61);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).extracting(Gate::place)
                .startsWith("KVM_SIGNAL_MSI", "GSI", "IOAPIC, pin 20")
                .noneMatch(place -> place.contains("8259"));
    }

    @Test
    void maskedIsaPin_endsAtTheIoapicAndDoesNotReachThe8259s() {
        GatePath path =
                Gates.ofKernelLine(split().pin(LINE, 0x61 | LVT_MASKED).state(), Route.LINE, LINE, Trigger.EDGE);

        assertThat(only(path, "IOAPIC, pin 10").verdict()).isEqualTo(Verdict.DROPS);
        assertThat(path.vector()).isEqualTo(0x61);
    }

    @Test
    void openSplitGuest_isOpenRegardlessOfReady() {
        assertThat(split().notReady().state().isOpen()).isTrue();
        assertThat(split().closed().state().isOpen()).isFalse();
    }

    /** kvm_vcpu_ioctl_interrupt: one pending_external_vector, and EEXIST while there is one. */
    @Test
    void vectorThatKvmHolds_holdsASecondOneOnly() {
        assertThat(only(Gates.ofVector(split().held(0x42).state(), 0x41), "vCPU, event queue"))
                .returns(Verdict.HOLDS, Gate::verdict)
                .returns("vector 0x42, held by KVM", Gate::evidence);
        assertThat(Gates.ofVector(split().state(), 0x41).firstThatIsNotOpen()).isEmpty();
        assertThat(Gates.ofMessage(split().held(0x42).state(), Route.MSI, MsiMessage.fixed(0, 0x61))
                .firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void pit_passesLine0OfTheMaster() {
        GatePath path = Gates.ofPit(open().pit(PitSample.armed()).state(), Route.PIT);

        assertThat(path.vector()).isEqualTo(0x20);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates().getFirst()).isEqualTo(
                Gate.open(GateKind.REQUEST, "KVM_CREATE_PIT2", "line 0", "the PIT pulses it in the kernel"));
        assertThat(only(Gates.ofPit(open().pit(PitSample.armed()).master(pic(0x20, 1, 0)).state(), Route.PIT),
                "master 8259, IMR").verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(only(Gates.ofPit(open().pit(PitSample.armed()).closed().state(), Route.PIT), "vCPU, RFLAGS.IF")
                .verdict())
                .isEqualTo(Verdict.HOLDS);
    }

    @Test
    void pitWithAnUnmaskedPin_passesTheIoapic() {
        GatePath path =
                Gates.ofPit(open().pit(PitSample.armed()).master(pic(0x20, 0xff, 0)).pin(0, 0x61).state(), Route.PIT);

        assertThat(path.vector()).isEqualTo(0x61);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).extracting(Gate::place)
                .contains("IOAPIC, pin 0", "LAPIC, SVR")
                .noneMatch(place -> place.contains("8259"));
    }

    @Test
    void pitWithoutARoute_isDropped() {
        assertThat(
                only(Gates.ofPit(open().pit(PitSample.armed()).routes().state(), Route.PIT), "GSI, routing").verdict())
                .isEqualTo(Verdict.DROPS);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void lapicTimer_hasItsVectorFromTheLvt(Irqchip irqchip) {
        GatePath path =
                Gates.ofLapicTimer(open().on(irqchip).lapic(LVT_TIMER, 0x200ec).lapic(0x380, 1).lapic(0x390, 1).state(),
                        Route.LAPIC_TIMER);

        assertThat(path.vector()).isEqualTo(0xec);
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates())
                .contains(Gate.open(GateKind.LVT_TIMER, "LAPIC, LVT timer", "0x200ec", "periodic, vector 0xec"))
                .extracting(Gate::place)
                .startsWith("the LAPIC's timer", "LAPIC, timer", "LAPIC, LVT timer", "vector", "LAPIC, SVR");
    }

    @Test
    void maskedLapicTimer_dropsItsTicks() {
        GatePath path = Gates.ofLapicTimer(
                open().lapic(LVT_TIMER, LVT_MASKED | 0xec).lapic(0x380, 1).lapic(0x390, 1).state(), Route.LAPIC_TIMER);

        assertThat(only(path, "LAPIC, LVT timer").verdict()).isEqualTo(Verdict.DROPS);
    }

    @Test
    void unprogrammedLapicTimer_isMisroutedAtItsVector() {
        GatePath path = Gates.ofLapicTimer(open().lapic(LVT_TIMER, 0).state(), Route.LAPIC_TIMER);

        assertThat(path.firstThatForbids()).map(Gate::place).hasValue("vector");
    }

    @ParameterizedTest
    @CsvSource({"0x000ec, 0, 0, 0, WAITS", "0x000ec, 5, 3, 0, TAKEN", "0x000ec, 5, 0, 0, WAITS",
        "0x200ec, 0, 0, 0, WAITS",
        "0x200ec, 5, 3, 0, TAKEN", "0x200ec, 5, 0, 0, WAITS", "0x400ec, 0, 0, 0, WAITS", "0x400ec, 5, 3, 0, WAITS",
        "0x400ec, 0, 0, 9, TAKEN"})
    void lapicTimer_ticksOnlyIfItIsArmedInItsMode(String lvt, int initial, int current, long deadline,
            Prediction.Fate fate) {
        GuestState state = open().lapic(LVT_TIMER, Integer.decode(lvt))
                .lapic(0x380, initial)
                .lapic(0x390, current)
                .deadline(deadline)
                .state();

        Prediction prediction = Gates.ofLapicTimer(state, Route.LAPIC_TIMER).prediction();

        assertThat(prediction.fate()).isEqualTo(fate);
        assertThat(prediction.because().map(Gate::place)).isEqualTo(
                fate == Prediction.Fate.TAKEN ? Optional.empty() : Optional.of("LAPIC, timer"));
    }

    @Test
    void lapicTimerWithoutALapicInTheKernel_isMisroutedAtTheFirstGate() {
        GatePath path = Gates.ofLapicTimer(open().on(Irqchip.USERSPACE).state(), Route.LAPIC_TIMER);

        assertThat(only(path, "the LAPIC's timer").verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(path.gates()).hasSize(1);
    }
}
