package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresKvm
class SeveralVcpusTest {

    private static final int VCPUS = 2;
    private static final int VECTOR = 0x61;

    private final RecordingListener listener = new RecordingListener();

    private Machine machine(Irqchip irqchip, String guest) {
        BootParameters orders = new BootParameters(Set.of(TestGuest.LINE), Trigger.EDGE, 1, VCPUS);
        return new Machine(new MachinePlan(irqchip, TestGuest.image(guest), BootMode.LONG, orders), listener);
    }

    /** A machine whose first vCPU has started the other. */
    private Machine ready(Irqchip irqchip) {
        return TestGuest.prepared(machine(irqchip, "smp"), machine -> {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void both_runWhenTheFirstHasStartedTheOther(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            GuestState first = machine.vcpu(0).inspectWhenOpen(Hang.AFTER);
            GuestState second = machine.vcpu(1).inspectWhenOpen(Hang.AFTER);

            assertThat(machine.vcpus()).isEqualTo(VCPUS);
            assertThat(machine.symbolAt(first.cpu().registers().rip())).startsWith("sleep");
            assertThat(machine.symbolAt(second.cpu().registers().rip())).startsWith("ap_main");
            assertThat(second.vcpu()).isEqualTo(1);
            assertThat(second.vcpus()).isEqualTo(VCPUS);
            assertThat(second.cpu().isStarted()).isTrue();
            assertThat(listener.failures).isEmpty();
            assertThat(listener.crashes).isEmpty();
        }
    }

    @Test
    void inspectWhenOpen_stopsTheOtherVcpuOnlyOnce() {
        try (Machine machine = ready(Irqchip.KERNEL)) {
            machine.vcpu(0).hold();
            machine.vcpu(0).freeze(vcpu -> {
                vcpu.registers(registers -> registers.withInterruptFlag(false));
                return null;
            });
            long before = signalExits(machine.vcpu(1));

            assertThat(machine.vcpu(0).inspectWhenOpen(Duration.ofMillis(200)).isOpen()).isFalse();

            assertThat(signalExits(machine.vcpu(1)) - before).isBetween(1L, 3L);
        }
    }

    /** How often a signal got a vCPU out of the guest. */
    private static long signalExits(VcpuHandle vcpu) {
        return vcpu.statistics().get("signal_exits");
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 0", "KERNEL, 1", "SPLIT, 0", "SPLIT, 1"})
    void message_isTakenByItsDestinationAlone(Irqchip irqchip, int vcpu) {
        try (Machine machine = ready(irqchip)) {
            assertThat(machine.injectors().message(MsiMessage.fixed(vcpu, VECTOR)).inject()).isPositive();
            Hang.orUntil(() -> machine.vcpu(vcpu).mailbox().taken(VECTOR) == 1);

            assertThat(machine.vcpu(1 - vcpu).mailbox().takenByVector()).isEmpty();
            assertThat(machine.vcpu(vcpu).mailbox().takenByVector()).containsOnlyKeys(VECTOR);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void ipi_isSentByTheFirstAndTakenByTheOther(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            Injector ipi = machine.injectors().ipi(Icr.fixed(1, VECTOR, false));

            assertThat(ipi.inject()).isEqualTo(Injector.NO_STATUS);
            Hang.orUntil(() -> machine.vcpu(1).mailbox().taken(VECTOR) == 1);

            assertThat(machine.vcpu(0).mailbox().takenByVector()).containsOnlyKeys(0xf0);
            assertThat(machine.vcpu(1).mailbox().takenByVector()).containsOnlyKeys(VECTOR);
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 0", "KERNEL, 1", "SPLIT, 1"})
    void nmi_isTakenByItsVcpu(Irqchip irqchip, int vcpu) {
        try (Machine machine = ready(irqchip)) {
            machine.injectors().nmi(vcpu).inject();
            Hang.orUntil(() -> machine.vcpu(vcpu).mailbox().taken(2) == 1);

            assertThat(machine.vcpu(1 - vcpu).mailbox().taken(2)).isZero();
            assertThat(machine.vcpu(vcpu).mailbox().takenInterrupts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void line_isDeliveredToTheConfiguredVcpu(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            Injector line = irqchip == Irqchip.KERNEL
                    ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                    : machine.injectors().ioapicPin(TestGuest.LINE, Trigger.EDGE);

            assertThat(line.inject()).isPositive();
            Hang.orUntil(() -> machine.vcpu(1).mailbox().taken(0x30 + TestGuest.LINE) == 1);

            assertThat(machine.vcpu(0).mailbox().takenByVector()).isEmpty();
        }
    }

    @Test
    void statistics_areEachVcpusOwn() {
        try (Machine machine = ready(Irqchip.KERNEL)) {
            long before = machine.vcpu(1).statistics().get("halt_exits");
            machine.injectors().message(MsiMessage.fixed(1, VECTOR)).inject();
            Hang.orUntil(() -> machine.vcpu(1).mailbox().taken(VECTOR) == 1);
            Hang.orUntil(() -> machine.vcpu(1).statistics().get("halt_exits") > before);

            assertThat(machine.vcpu(0).statistics()).containsKey("exits").isNotEqualTo(machine.vcpu(1).statistics());
            assertThat(machine.vcpu(1).tscKilohertz()).isEqualTo(machine.vcpu(0).tscKilohertz()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void vcpuThatWasNeverStarted_canBeInspectedAndCloses(Irqchip irqchip) {
        Machine machine = machine(irqchip, "apic");
        machine.start();
        assertThat(listener.becomesReady()).isTrue();

        assertThat(machine.vcpu(1).inspect().cpu().activity()).isEqualTo(MpState.UNINITIALIZED);
        assertThat(machine.vcpu(1).inspect().cpu().isStarted()).isFalse();
        assertThat(machine.vcpu(0).inspect().cpu().isStarted()).isTrue();

        machine.close();
        assertThat(listener.failures).isEmpty();
    }
}
