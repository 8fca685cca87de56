package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channel 0 of an 8254 as KVM runs it (i8254.c), and where the 8254 data sheet says otherwise. */
class PitGatesTest {

    private static final int COUNT = 11_932;

    private static GatePath path(PitState pit) {
        return Gates.ofPit(open().pit(pit).state(), Route.PIT);
    }

    private static Gate channel(PitState pit) {
        return path(pit).gates().stream().filter(gate -> gate.kind() == GateKind.PIT).findFirst().orElseThrow();
    }

    private static Gate channel(int mode, int count) {
        return channel(PitSample.timer(PitSample.counting(mode, count)));
    }

    /** Data sheet, "Programming the 8254": the mode of a counter is undefined until it is programmed. */
    @Test
    void channelThatIsNotProgrammed_doesNotTick() {
        assertThat(path(PitSample.notProgrammed()).prediction().fate()).isEqualTo(Fate.WAITS);
        assertThat(channel(PitSample.notProgrammed()).meaning()).isEqualTo("the guest has not armed it");
    }

    /** Data sheet, "Mode Definitions": modes 2 and 3 are periodic. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void periodicMode_ticks(int mode) {
        assertThat(channel(mode, COUNT)).returns(Verdict.OPEN, Gate::verdict).returns("", Gate::departure);
        assertThat(path(PitSample.timer(PitSample.counting(mode, COUNT))).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    /** Data sheet, "Mode Definitions": modes 0 and 4 tick once; "Read-Back Command" would show whether they have. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void oneShotMode_mayHaveTicked(int mode) {
        assertThat(channel(mode, COUNT).isOpen()).isTrue();
        assertThat(channel(mode, COUNT).departure()).contains("\"Read-Back Command\"");
    }

    /** Data sheet, "Mode 1" and "Mode 5": GATE triggers them. In KVM the count starts mode 1, and nothing mode 5. */
    @Test
    void modesThatGateTriggers_areNotPortableOrDoNotTick() {
        assertThat(channel(1, COUNT).verdict()).isEqualTo(Verdict.NOT_PORTABLE);
        assertThat(channel(5, COUNT).verdict()).isEqualTo(Verdict.HOLDS);
    }

    /** What KVM ignores changes nothing: the tick meets the gates behind, and arrives at the line's vector. */
    @Test
    void channelThatIsNotPortable_ticksAsKvmRunsIt() {
        PitState pit = PitSample.timer(PitSample.counting(2, COUNT).withGate(false));
        GuestStateSample masked = open().pit(pit).master(PicSample.pic(MASTER_BASE, 0xff, 0));

        assertThat(path(pit).prediction().vectors()).containsExactly(MASTER_BASE);
        assertThat(Gates.ofPit(masked.state(), Route.PIT).prediction().fate()).isEqualTo(Fate.WAITS);
    }

    /** Data sheet, "Operation Common to All Modes": the largest initial count is 0, which is 65536. */
    @Test
    void countOf0_isTheLargest() {
        Gate gate = channel(2, PitChannel.LARGEST_COUNT);

        assertThat(gate.isOpen()).isTrue();
        assertThat(gate.evidence()).contains("count 65536");
        assertThat(gate.departure()).contains("a control word without a count");
    }

    @Test
    void countOfWhichHalfIsWritten_isNotLoaded() {
        PitChannel half = new PitChannel(PitChannel.LARGEST_COUNT, 2, false, true, 0,
                new PitAccess(3, 3, 4, 0x9c, 0, 0, false, 0));

        assertThat(channel(PitSample.timer(half)).meaning()).contains("only the low byte");
        assertThat(channel(PitSample.timer(half.withCount(COUNT))).isOpen()).isTrue();
    }

    /** Data sheet, "Mode 2": a COUNT of 1 is illegal. */
    @ParameterizedTest
    @CsvSource({"1, NOT_PORTABLE, false", "2, OPEN, true", "238, OPEN, true", "239, OPEN, false"})
    void shortPeriod_isMadeLongerByKvm(int count, Verdict verdict, boolean isDeparture) {
        assertThat(channel(2, count).verdict()).isEqualTo(verdict);
        assertThat(channel(2, count).departure().contains("min_timer_period_us")).isEqualTo(isDeparture);
    }

    /** Data sheet, "Mode 2": GATE = 0 disables counting. */
    @Test
    void gateThatIsLow_isIgnoredByKvm() {
        assertThat(channel(PitSample.timer(PitSample.counting(2, COUNT).withGate(false))).verdict())
                .isEqualTo(Verdict.NOT_PORTABLE);
    }

    /** Data sheet, "Control Word Format": BCD. */
    @Test
    void decimalCount_isBinaryToKvm() {
        PitChannel binary = PitSample.counting(2, COUNT);
        PitChannel decimal = new PitChannel(COUNT, 2, true, true, 0, binary.access());

        assertThat(channel(PitSample.timer(decimal)).departure()).contains("BCD");
    }

    @Test
    void hpetInItsPlace_stopsIt() {
        PitState pit = new PitState(PitSample.timer(PitSample.counting(2, COUNT)).channels(), 1);

        assertThat(channel(pit)).returns(Verdict.HOLDS, Gate::verdict)
                .extracting(Gate::fix)
                .asString()
                .contains("KVM_PIT_FLAGS_HPET_LEGACY");
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, use guest pit", "SPLIT, use irqchip kernel", "USERSPACE, use irqchip kernel"})
    void machineWithoutAPit_hasNoPath(Irqchip irqchip, String fix) {
        GatePath path = Gates.ofPit(open().on(irqchip).state(), Route.PIT);

        assertThat(path.prediction().fate()).isEqualTo(Fate.MISROUTED);
        assertThat(path.gates()).singleElement().returns(fix, Gate::fix);
    }

    /** KVM re-injects ticks (KVM_REINJECT_CONTROL): while one is pending, the next is kept. */
    @Test
    void tickWhileOneIsPending_isKept() {
        GatePath path = Gates.ofPit(open().pit(PitSample.armed())
                .master(PicSample.requesting(MASTER_BASE, 1))
                .closed()
                .state(), Route.PIT);

        assertThat(path.prediction().fate()).isEqualTo(Fate.WAITS);
    }

    /** KVM leads the PIT to a LINT0 that makes NMIs as well. */
    @Test
    void lint0ForNmis_makesATickAnNmi() {
        GatePath path = Gates.ofPit(open().pit(PitSample.armed())
                .lapic(LAPIC_LVT0, 4 << 8)
                .state(), Route.PIT);

        assertThat(path.prediction().fate()).isEqualTo(Fate.BREAKS);
        assertThat(path.prediction().vectors()).contains(2);
    }
}
