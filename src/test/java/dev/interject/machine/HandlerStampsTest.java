package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When a handler was entered and left: the guest's stamps, on the host's clock. */
@RequiresKvm
class HandlerStampsTest {

    private static final int LINE = 10;
    private static final int MESSAGE_VECTOR = 0x61;

    /** Long enough for a guest that reported READY to halt; one that has not is interrupted nevertheless. */
    private static final long SETTLE_NANOS = Duration.ofMillis(100).toNanos();

    /** Records when a report arrives. */
    private static final class Listener implements MachineListener {

        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch rung = new CountDownLatch(1);
        private volatile long rungAt;
        private volatile String trouble = "";

        @Override
        public void ready() {
            ready.countDown();
        }

        @Override
        public void taken(int vcpu, int vector) {
            rungAt = System.nanoTime();
            rung.countDown();
        }

        @Override
        public void fault(int vcpu, int vector) {
            trouble += " exception " + vector;
        }

        @Override
        public void spurious(int vcpu, int vector) {
            trouble += " spurious " + vector;
        }

        @Override
        public void ended(VcpuEnd end) {
            trouble += " " + end.describe();
        }

        static void await(CountDownLatch word) {
            try {
                assertThat(word.await(Hang.AFTER.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private final Listener listener = new Listener();

    private Machine machine(Irqchip irqchip, BuiltinGuest guest, int vcpus) {
        return new Machine(new MachinePlan(irqchip, guest.image(), guest.bootMode(),
                new BootParameters(Set.of(LINE), Trigger.EDGE, 0, vcpus)), listener);
    }

    /** Injects, and compares the stamps with the host's times before and after. */
    private void stampsFit(Machine machine, int vcpu, int vector, Injector injector) {
        machine.start();
        Listener.await(listener.ready);
        LockSupport.parkNanos(SETTLE_NANOS);
        ClockReading first = machine.vcpu(vcpu).readClock();
        long injectedAt = System.nanoTime();
        injector.inject();
        Listener.await(listener.rung);
        Hang.orUntil(() -> machine.vcpu(vcpu).mailbox().leftAt(vector) != 0);
        LockSupport.parkNanos(SETTLE_NANOS); // the farther apart, the more exact the clock's rate
        GuestClock clock = GuestClock.between(first, machine.vcpu(vcpu).readClock());

        Mailbox mailbox = machine.vcpu(vcpu).mailbox();
        long entered = mailbox.enteredAt(vector);
        long left = mailbox.leftAt(vector);
        long error = clock.uncertaintyNanos(left);
        assertThat(listener.trouble).isEmpty();
        assertThat(entered).isPositive().isLessThan(left);
        assertThat(clock.nanos(entered)).isBetween(injectedAt - error, listener.rungAt + error);
        assertThat(clock.nanos(left)).isBetween(clock.nanos(entered), System.nanoTime());
        assertThat(mailbox.enteredAt(vector + 1)).isZero();
        assertThat(mailbox.leftAt(vector + 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, PIC, 0x2a", "KERNEL, REAL, 0x2a", "KERNEL, NESTED, 0x2a", "KERNEL, SLOW, 0x2a",
        "KERNEL, NO_EOI, 0x2a", "KERNEL, EVENTS, 0x2a", "KERNEL, BUSY, 0x2a", "KERNEL, APIC, 0x3a",
        "KERNEL, X2APIC, 0x3a"})
    void handlerOfALine_stampsItsEntryAndExit(Irqchip irqchip, BuiltinGuest guest, int vector) {
        try (Machine machine = machine(irqchip, guest, 1)) {
            stampsFit(machine, 0, vector, machine.injectors().kernelLine(LINE, Trigger.EDGE));
        }
    }

    @ParameterizedTest
    @EnumSource(value = BuiltinGuest.class, names = {"PIC", "REAL"})
    void handlerOfUserspaceControllers_stampsItsEntryAndExit(BuiltinGuest guest) {
        try (Machine machine = machine(Irqchip.USERSPACE, guest, 1)) {
            stampsFit(machine, 0, 0x2a, machine.injectors().userspaceLine(LINE, Trigger.EDGE));
        }
    }

    @Test
    void handlerOfAnotherVcpu_writesIntoItsOwnPage() {
        try (Machine machine = machine(Irqchip.KERNEL, BuiltinGuest.SMP, 2)) {
            stampsFit(machine, 1, MESSAGE_VECTOR, machine.injectors().message(MsiMessage.fixed(1, MESSAGE_VECTOR)));

            assertThat(machine.vcpu(0).mailbox().enteredAt(MESSAGE_VECTOR)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void handlerOfAnNmi_stampsItsEntryAndExit(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, BuiltinGuest.NMI, 1)) {
            stampsFit(machine, 0, 2, machine.injectors().nmi(0));
        }
    }

    @Test
    void clocks_runAsFastAsKvmSays() {
        try (Machine machine = machine(Irqchip.KERNEL, BuiltinGuest.PIC, 1)) {
            machine.start();
            ClockReading first = machine.vcpu(0).readClock();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());

            GuestClock clock = GuestClock.between(first, machine.vcpu(0).readClock());

            int said = machine.vcpu(0).tscKilohertz().orElseThrow();
            assertThat(clock.kilohertz()).isCloseTo(said, Offset.offset(said * 0.002));
        }
    }
}
