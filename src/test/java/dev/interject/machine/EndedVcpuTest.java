package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A vCPU that does not run: not started, crashed, failed by the host, or closed with its machine. */
@RequiresKvm
class EndedVcpuTest {

    private static final int VECTOR = 0x2a;
    private static final MsiMessage MESSAGE = MsiMessage.fixed(0, VECTOR);

    private final RecordingListener events = new RecordingListener();

    private Machine ready(Irqchip irqchip, String guest) {
        return TestGuest.prepared(TestGuest.machine(irqchip, guest, events), machine -> {
            machine.start();
            assertThat(events.becomesReady()).isTrue();
        });
    }

    private Machine asleep(Irqchip irqchip, String guest) {
        Machine machine = ready(irqchip, guest);
        while (!machine.vcpu(0).inspect().cpu().halted()) {
            Thread.onSpinWait();
        }
        return machine;
    }

    @Test
    void windowOfACrashedGuest_isAnsweredWithTheCrash() {
        try (Machine machine = TestGuest.machine(Irqchip.USERSPACE, "runaway", events)) {
            machine.start();

            assertThatExceptionOfType(VcpuEndedException.class)
                    .isThrownBy(() -> machine.vcpu(0).whenOpen(() -> 1, Hang.AFTER))
                    .matches(ended -> ended.end() instanceof VcpuEnd.Crashed);
            assertThat(machine.vcpu(0).inspectWhenOpen(Hang.AFTER).cpu().registers().rip()).isEqualTo(0x200000);
        }
    }

    @Test
    void inspectBeforeTheStart_isRefusedAtOnce() {
        try (Machine machine = TestGuest.machine(Irqchip.KERNEL, "pic", events)) {
            assertThatIllegalStateException().isThrownBy(machine.vcpu(0)::inspect)
                    .withMessage("the machine has not been started");
        }
    }

    /** Such as that of a listener: it would wait for itself. */
    @Test
    void inspectOnTheVcpusOwnThread_isRefusedAtOnce() {
        try (Machine machine = ready(Irqchip.KERNEL, "pic")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> machine.vcpu(0).freeze(vcpu -> machine.vcpu(0).inspect()))
                    .withMessage("a vCPU's own thread cannot wait for it");
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspectAfterTheMachineWasClosed_isAnsweredWithItsEnd(Irqchip irqchip) {
        Machine machine = ready(irqchip, "pic");
        machine.close();

        assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::inspect)
                .matches(ended -> ended.end() instanceof VcpuEnd.Stopped);
        assertThatExceptionOfType(VcpuEndedException.class)
                .isThrownBy(() -> machine.awaitTaken(VECTOR, 1, Hang.AFTER));
    }

    /** The next machine that is opened gets the same descriptor numbers. */
    @ParameterizedTest
    @EnumSource
    void injectorsOfAClosedMachine_areRefusedAndReachNoOther(Irqchip irqchip) {
        Machine closed = ready(irqchip, "pic");
        List<Injector> stale = injectors(closed);
        closed.close();
        try (Machine next = asleep(irqchip, "pic")) {
            assertThat(stale).allSatisfy(
                    injector -> assertThatIllegalStateException().isThrownBy(injector::inject)
                            .withMessageContaining("closed"));
            assertThatIllegalStateException().isThrownBy(() -> closed.line(TestGuest.LINE).pulse());

            assertThat(next.vcpu(0).inspect().cpu().halted()).isTrue();
            assertThat(next.vcpu(0).mailbox().takenInterrupts()).isZero();
        }
    }

    private static List<Injector> injectors(Machine machine) {
        Injectors all = machine.injectors();
        return switch (machine.irqchip()) {
            case KERNEL -> List.of(all.kernelLine(TestGuest.LINE, Trigger.EDGE),
                    all.irqfd(TestGuest.LINE, Trigger.EDGE),
                    all.message(MESSAGE), all.routedMessage(MESSAGE), all.routedMessageByIrqfd(MESSAGE), all.nmi(0));
            case SPLIT -> List.of(all.message(MESSAGE), all.routedMessage(MESSAGE), all.nmi(0),
                    all.userspaceLine(TestGuest.LINE, Trigger.EDGE));
            case USERSPACE -> List.of(all.userspaceLine(TestGuest.LINE, Trigger.EDGE), all.vector(0x41), all.nmi(0));
        };
    }

    @ParameterizedTest
    @EnumSource
    void hostFailure_answersEverythingThatWaits(Irqchip irqchip) throws Exception {
        RuntimeException failure = new IllegalArgumentException("a bug in a listener");
        MachineListener failing = new MachineListener() {
            @Override
            public void taken(int vcpu, int vector) {
                throw failure;
            }
        };
        try (Machine machine = TestGuest.machine(irqchip, "pic", failing)) {
            machine.start();
            assertThat(machine.awaitReady(Hang.AFTER)).isTrue();
            CompletableFuture<Boolean> reached =
                    CompletableFuture.supplyAsync(() -> machine.vcpu(0).runTo(0x1, Hang.AFTER));
            CompletableFuture<Boolean> taken = CompletableFuture.supplyAsync(() -> {
                try {
                    return machine.awaitTaken(VECTOR, 2, Hang.AFTER);
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
            while (machine.vcpu(0).isHeld()) {
                Thread.onSpinWait();
            }

            machine.line(TestGuest.LINE).pulse();

            assertThat(endOf(taken)).isEqualTo(new VcpuEnd.HostFailed(0, failure));
            assertThat(endOf(reached)).isEqualTo(new VcpuEnd.HostFailed(0, failure));
            assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::inspect)
                    .withCause(failure);
            assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::step).withCause(failure);
            assertThat(machine.vcpu(0).end()).contains(new VcpuEnd.HostFailed(0, failure));
        }
    }

    @Test
    void hostFailureOfAClosedMachine_isStillItsEnd() {
        RuntimeException failure = new IllegalArgumentException("a bug in a listener");
        MachineListener failing = new MachineListener() {
            @Override
            public void ready() {
                throw failure;
            }
        };
        Machine machine = TestGuest.machine(Irqchip.KERNEL, "pic", failing);
        machine.start();
        while (machine.vcpu(0).end().isEmpty()) {
            Thread.onSpinWait();
        }
        machine.close();

        assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::inspect).withCause(failure);
    }

    private static VcpuEnd endOf(CompletableFuture<?> answer) {
        return ((VcpuEndedException) answer.handle((result, failed) -> failed.getCause()).join()).end();
    }
}
