package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import dev.interject.RequiresKvm;
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
import org.junit.jupiter.params.provider.EnumSource;

/** A LAPIC timer ticks only if it is armed: predicted, and observed. */
@RequiresKvm
class TimerThatIsNotArmedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WATCH_MILLIS = 30;
    private static final int INITIAL_COUNT = 0x380;
    private static final int CURRENT_COUNT = 0x390;
    private static final int TICK_NANOS = 2_000_000;

    private static Machine ready(BuiltinGuest guest, Irqchip irqchip) throws InterruptedException {
        Machine machine = Machine.builder(guest).irqchip(irqchip).start();
        assertThat(machine.awaitReady(PATIENCE)).isTrue();
        assertThat(machine.vcpu(0).inspectWhenOpen(PATIENCE).isOpen()).isTrue();
        return machine;
    }

    private static Prediction predict(GuestState state) {
        return Gates.ofLapicTimer(state, Route.LAPIC_TIMER).prediction();
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_SHOT", "PERIODIC", "DEADLINE"})
    void timerThatIsNotArmed_isPredictedToWaitAndDoesNotTick(BuiltinGuest guest) throws InterruptedException {
        try (Machine machine = ready(guest, Irqchip.KERNEL)) {
            Prediction prediction = predict(machine.vcpu(0).inspect());
            LockSupport.parkNanos(Duration.ofMillis(WATCH_MILLIS).toNanos());

            assertThat(prediction.fate()).isEqualTo(Fate.WAITS);
            assertThat(prediction.because()).map(Gate::place).hasValue("LAPIC, timer");
            assertThat(machine.vcpu(0).mailbox().takenByVector()).isEmpty();
            assertThat(machine.vcpu(0).mailbox().spurious()).isZero();
        }
    }

    /** As a guest's timer that was saved at this count. */
    private static void counting(FrozenVcpu vcpu, int count) {
        vcpu.lapic(lapic -> lapic.withRegister(INITIAL_COUNT, count).withRegister(CURRENT_COUNT, count));
    }

    /** The guest has requested no tick, so it counts one as spurious. */
    @ParameterizedTest
    @CsvSource({"ONE_SHOT, KERNEL", "PERIODIC, KERNEL", "ONE_SHOT, SPLIT", "PERIODIC, SPLIT"})
    void timerThatIsArmed_isPredictedToTickAndDoes(BuiltinGuest guest, Irqchip irqchip) throws InterruptedException {
        try (Machine machine = ready(guest, irqchip)) {
            Prediction prediction = machine.vcpu(0).freeze(vcpu -> {
                counting(vcpu, Integer.MAX_VALUE);
                Prediction armed = predict(vcpu.state());
                counting(vcpu, TICK_NANOS);
                return armed;
            });

            assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
            long start = System.nanoTime();
            while (machine.vcpu(0).mailbox().spurious() == 0 && System.nanoTime() - start < PATIENCE.toNanos()) {
                machine.vcpu(0).inspect();
            }
            assertThat(machine.vcpu(0).mailbox().spurious()).isPositive();
        }
    }

    /** Its initial count stays, and its current count stays 0. */
    @Test
    void oneShotThatHasExpired_isPredictedToWait() throws InterruptedException {
        try (Machine machine = ready(BuiltinGuest.ONE_SHOT, Irqchip.KERNEL)) {
            machine.vcpu(0).freeze(vcpu -> {
                counting(vcpu, TICK_NANOS);
                return null;
            });
            long start = System.nanoTime();
            while (machine.vcpu(0).mailbox().spurious() == 0 && System.nanoTime() - start < PATIENCE.toNanos()) {
                machine.vcpu(0).inspect();
            }

            GuestState state = machine.vcpu(0).inspect();
            assertThat(state.controllers().lapic().orElseThrow().timerInitialCount()).isPositive();
            assertThat(predict(state).fate()).isEqualTo(Fate.WAITS);
        }
    }

    @Test
    void deadlineThatTheGuestHasSet_isPredictedToTick() throws InterruptedException {
        Prediction prediction = armedDeadline();
        while (prediction.fate() == Fate.WAITS) { // it ticked before it was looked at
            prediction = armedDeadline();
        }

        assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
    }

    private static Prediction armedDeadline() throws InterruptedException {
        try (Machine machine = ready(BuiltinGuest.DEADLINE, Irqchip.KERNEL)) {
            machine.command(1);
            machine.command(Integer.MAX_VALUE);
            Prediction prediction = predict(machine.vcpu(0).inspect());
            while (prediction.fate() == Fate.WAITS && machine.vcpu(0).mailbox().takenByVector().isEmpty()) {
                prediction = predict(machine.vcpu(0).inspect());
            }
            return prediction;
        }
    }
}
