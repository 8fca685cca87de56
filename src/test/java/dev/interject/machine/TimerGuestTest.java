package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import org.junit.jupiter.api.Test;

/** A timer that ticks while its guest is about to stop it. */
@RequiresKvm
class TimerGuestTest {

    private static final int TIMER_VECTOR = 0x40;
    private static final int TICKS = 3;
    private static final int PERIOD_NANOS = 1_000_000;

    /** Far longer than the period: the next tick is pending when the handler continues. */
    private static final long HELD_UP_MILLIS = 20;

    /** Delays the guest in the handler of its last tick. */
    private static final class Brake implements MachineListener {

        private final CountDownLatch ready = new CountDownLatch(1);
        private final AtomicInteger taken = new AtomicInteger();

        @Override
        public void ready() {
            ready.countDown();
        }

        @Override
        public void taken(int vcpu, int vector) {
            if (taken.incrementAndGet() == TICKS) {
                pause();
            }
        }

        private static void pause() {
            try {
                Thread.sleep(HELD_UP_MILLIS);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public void fault(int vcpu, int vector) {
            throw new IllegalStateException("exception " + vector);
        }

        @Override
        public void spurious(int vcpu, int vector) {
            // the mailbox counts these
        }

        @Override
        public void ended(VcpuEnd end) {
            throw new IllegalStateException(end.describe());
        }
    }

    @Test
    void tickAfterTheLast_isCountedAsSpurious() throws InterruptedException {
        Brake brake = new Brake();
        try (Machine machine = TestGuest.machine(Irqchip.KERNEL, "periodic", brake)) {
            machine.start();
            brake.ready.await();
            machine.command(TICKS);
            machine.command(PERIOD_NANOS);
            Hang.orUntil(() -> machine.vcpu(0).mailbox().takenInterrupts() > TICKS);

            assertThat(machine.vcpu(0).mailbox().taken(TIMER_VECTOR)).isEqualTo(TICKS);
            assertThat(machine.vcpu(0).mailbox().spurious()).isOne();
        }
    }
}
