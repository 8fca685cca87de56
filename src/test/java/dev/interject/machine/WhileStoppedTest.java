package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Pending;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts injected while a vCPU is stopped. */
@RequiresKvm
class WhileStoppedTest {

    private static final int VECTOR = 0x61;
    private static final int PIC_VECTOR = 0x2a;

    private final RecordingListener listener = new RecordingListener();

    private Machine ready(Irqchip irqchip, String guest) {
        return TestGuest.prepared(TestGuest.machine(irqchip, guest, listener), machine -> {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            machine.vcpu(0).inspectWhenOpen(Hang.AFTER);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void msi_waitsUntilTheGuestResumes(Irqchip irqchip) {
        try (Machine machine = ready(irqchip, "apic")) {
            Injector message = machine.injectors().message(MsiMessage.fixed(0, VECTOR));
            long[] takenMeanwhile = new long[1];

            Pending.Change change = machine.vcpu(0).whileStopped(() -> {
                message.inject();
                message.inject();
                takenMeanwhile[0] = machine.vcpu(0).mailbox().taken(VECTOR);
            }, Hang.AFTER);

            assertThat(change.before().isRequested(VECTOR)).isFalse();
            assertThat(change.after().isRequested(VECTOR)).isTrue();
            assertThat(change.after().isRequested(VECTOR + 1)).isFalse();
            assertThat(takenMeanwhile[0]).isZero();
            Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(VECTOR) == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nmisInAnNmiHandler_waitOnceAndCoalesceOtherwise(Irqchip irqchip) {
        try (Machine machine = ready(irqchip, "slow")) {
            Injector nmi = machine.injectors().nmi(0);
            VcpuEvents inHandler;
            do {
                nmi.inject();
                inHandler = machine.vcpu(0).freeze(frozen -> {
                    for (int i = 0; i < 3; i++) {
                        frozen.inject(nmi);
                    }
                    return frozen.state().cpu().events();
                });
            } while (!inHandler.nmiMasked());

            assertThat(inHandler.nmisPending()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void line_isLatchedInItsChipUntilTheGuestResumes(Irqchip irqchip) {
        try (Machine machine = ready(irqchip, "pic")) {
            Injector line = irqchip == Irqchip.KERNEL
                    ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                    : machine.injectors().userspaceLine(TestGuest.LINE, Trigger.EDGE);

            Pending.Change change = machine.vcpu(0).whileStopped(line::inject, Hang.AFTER);

            assertThat(change.before().isLatched(TestGuest.LINE, PIC_VECTOR)).isFalse();
            assertThat(change.after().isLatched(TestGuest.LINE, PIC_VECTOR)).isTrue();
            assertThat(change.after().isLatched(TestGuest.LINE, PIC_VECTOR + 1)).isFalse();
            assertThat(change.after().isLatched(TestGuest.LINE + 1, PIC_VECTOR + 1)).isFalse();
            Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(PIC_VECTOR) == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nmis_areInjectedAndCoalesceToTwo(Irqchip irqchip) {
        try (Machine machine = ready(irqchip, "slow")) {
            Injector nmi = machine.injectors().nmi(0);

            Pending.Change change = machine.vcpu(0).whileStopped(() -> {
                nmi.inject();
                nmi.inject();
                nmi.inject();
            }, Hang.AFTER);

            assertThat(change.before().nmis()).isZero();
            assertThat(change.after().nmis()).isEqualTo(2);
            Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(2) == 2);
        }
    }

    @Test
    void userspace_hasNoLapic() {
        try (Machine machine = ready(Irqchip.USERSPACE, "pic")) {
            Pending.Change change = machine.vcpu(0).whileStopped(() -> {}, Hang.AFTER);

            assertThat(change.after().lapic()).isEmpty();
            assertThat(change.after().isRequested(VECTOR)).isFalse();
            assertThat(change.after()).isEqualTo(change.before());
        }
    }

    @Test
    void failureOfTheInjection_isThrownToTheCaller() {
        try (Machine machine = ready(Irqchip.KERNEL, "pic")) {
            assertThatIllegalStateException().isThrownBy(() -> machine.vcpu(0).whileStopped(() -> {
                throw new IllegalStateException("no");
            }, Hang.AFTER)).withMessage("no");

            assertThat(machine.vcpu(0).inspect().isOpen()).isTrue();
            assertThat(listener.failures).isEmpty();
        }
    }
}
