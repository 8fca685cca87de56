package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.interject.RequiresKvm;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** KVM's PIT ticks only if its channel 0 is armed: predicted, and observed. */
@RequiresKvm
class PitThatIsNotArmedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WATCH_MILLIS = 60;
    private static final int TEN_MILLIS = 11_932;

    private static Machine ready() throws InterruptedException {
        Machine machine = Machine.builder(BuiltinGuest.PIT).irqchip(Irqchip.KERNEL).openLine(0).start();
        assertThat(machine.awaitReady(PATIENCE)).isTrue();
        assertThat(machine.vcpu(0).inspectWhenOpen(PATIENCE).isOpen()).isTrue();
        return machine;
    }

    private static Prediction set(Machine machine, UnaryOperator<PitChannel> change) {
        return change(machine, vcpu -> vcpu.pit(pit -> pit.withTimer(change.apply(pit.timer()))));
    }

    /** Changes the guest again if a tick came before it was looked at. */
    private static Prediction change(Machine machine, Consumer<FrozenVcpu> change) {
        GuestState state = changed(machine, change);
        while (state.controllers().isPending(0)) {
            state = changed(machine, change);
        }
        return predict(state);
    }

    private static GuestState changed(Machine machine, Consumer<FrozenVcpu> change) {
        return machine.vcpu(0).freeze(vcpu -> {
            vcpu.master(pic -> pic.withIrr(0));
            change.accept(vcpu);
            return vcpu.state();
        });
    }

    private static Prediction predict(GuestState state) {
        return Gates.ofPit(state, Route.PIT).prediction();
    }

    /** How many ticks the guest has seen; it has requested none. */
    private static long ticks(Machine machine) {
        machine.vcpu(0).inspect(); // a kick: a host may notice interrupts at exits only
        return machine.vcpu(0).mailbox().spurious()
                + machine.vcpu(0).mailbox().takenByVector().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void assertTicks(Machine machine, long count) {
        long start = System.nanoTime();
        while (ticks(machine) < count && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(ticks(machine)).isGreaterThanOrEqualTo(count);
    }

    private static void assertSilent(Machine machine) {
        LockSupport.parkNanos(Duration.ofMillis(WATCH_MILLIS).toNanos());
        assertThat(ticks(machine)).isZero();
    }

    @Test
    void channelThatIsNotProgrammed_isPredictedToWaitAndDoesNotTick() throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction = change(machine, vcpu -> {});

            assertThat(prediction.fate()).isEqualTo(Fate.WAITS);
            assertThat(prediction.because()).map(Gate::place).hasValue("PIT, channel 0");
            assertSilent(machine);
        }
    }

    /** GATE is that of a channel 0 that an 8254 would not count with. */
    @ParameterizedTest
    @CsvSource({"2, true", "3, true", "2, false"})
    void periodicMode_isPredictedToTickAndDoes(int mode, boolean gate) throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction =
                    set(machine, channel -> channel.withMode(mode).withCount(TEN_MILLIS).withGate(gate));

            assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
            assertTicks(machine, 3);
        }
    }

    @Test
    void largestCount_ticks() throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction = set(machine, channel -> channel.withMode(2).withCount(PitChannel.LARGEST_COUNT));

            assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
            assertTicks(machine, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void oneShotMode_ticksOnce(int mode) throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction = set(machine, channel -> channel.withMode(mode).withCount(TEN_MILLIS));

            assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
            assertTicks(machine, 1);
            LockSupport.parkNanos(Duration.ofMillis(WATCH_MILLIS).toNanos());
            long ticks = ticks(machine);
            LockSupport.parkNanos(Duration.ofMillis(WATCH_MILLIS).toNanos());
            assertThat(ticks(machine)).isEqualTo(ticks);
        }
    }

    @Test
    void modeThatGateTriggers_isPredictedToWaitAndDoesNotTick() throws InterruptedException {
        try (Machine machine = ready()) {
            assertThat(set(machine, channel -> channel.withMode(5).withCount(TEN_MILLIS)).fate()).isEqualTo(Fate.WAITS);
            assertSilent(machine);
        }
    }

    @Test
    void hpetInItsPlace_isPredictedToStopItAndDoes() throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction = change(machine, vcpu -> vcpu.pit(pit -> new PitState(
                    pit.withTimer(pit.timer().withMode(2).withCount(TEN_MILLIS)).channels(), 1)));

            assertThat(prediction.fate()).isEqualTo(Fate.WAITS);
            assertSilent(machine);
        }
    }

    /** The timer ends before the guest opens, so what comes then was kept by KVM. */
    @Test
    void ticksWhileOneIsPending_areKeptAndInjectedLater() throws InterruptedException {
        try (Machine machine = ready()) {
            changed(machine, vcpu -> {
                vcpu.interruptFlag(false);
                vcpu.pit(pit -> pit.withTimer(pit.timer().withMode(2).withCount(TEN_MILLIS)));
            });
            LockSupport.parkNanos(Duration.ofMillis(WATCH_MILLIS).toNanos());
            Prediction prediction = predict(machine.vcpu(0).inspect());
            machine.vcpu(0).freeze(vcpu -> {
                vcpu.pit(pit -> pit.withTimer(pit.timer().withMode(PitChannel.NO_MODE)));
                vcpu.interruptFlag(true);
                return null;
            });

            assertThat(prediction.fate()).isEqualTo(Fate.WAITS);
            assertTicks(machine, 3);
        }
    }

    @Test
    void lint0ForNmis_isPredictedToBreakTheGuestAndDoes() throws InterruptedException {
        try (Machine machine = ready()) {
            Prediction prediction = change(machine, vcpu -> {
                vcpu.lapic(lapic -> lapic.withLint0(4 << 8));
                vcpu.pit(pit -> pit.withTimer(pit.timer().withMode(2).withCount(TEN_MILLIS)));
            });

            assertThat(prediction.fate()).isEqualTo(Fate.BREAKS);
            assertThat(prediction.vectors()).contains(2);
            long start = System.nanoTime();
            while (machine.vcpu(0).mailbox().faultRip() == 0 && System.nanoTime() - start < PATIENCE.toNanos()) {
                machine.vcpu(0).inspect();
            }
            assertThat(machine.vcpu(0).inspect().cpu().events().nmiMasked()).isTrue();
        }
    }
}
