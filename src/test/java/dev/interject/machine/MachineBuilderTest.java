package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MachineBuilderTest {

    @ParameterizedTest
    @EnumSource
    @RequiresKvm
    void pulseOfAnOpenLine_isTaken(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(irqchip).openLine(10).start()) {
            assertThat(machine.awaitReady(Hang.AFTER)).isTrue();

            assertThat(machine.line(10).pulse()).isPositive();

            assertThat(machine.awaitTaken(0x2a, 1, Hang.AFTER)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    @RequiresKvm
    void pulseOfAnIoapicPin_isTaken(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.APIC).irqchip(irqchip).openLine(20).start()) {
            assertThat(machine.awaitReady(Hang.AFTER)).isTrue();
            int vector = machine.vcpu(0).inspect().controllers().ioapic().orElseThrow().entries().get(20).vector();

            machine.line(20).pulse();

            assertThat(machine.awaitTaken(vector, 1, Hang.AFTER)).isTrue();
        }
    }

    @Test
    @RequiresKvm
    void lineThatTheControllersLack_isRefused() {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.USERSPACE).build()) {
            assertThatIllegalArgumentException().isThrownBy(() -> machine.line(16))
                    .withMessage("line must be 0 to 15, not 16");
        }
    }

    @Test
    @RequiresKvm
    void numbersOutOfRange_areRefusedByName() {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.USERSPACE).start()) {
            Injectors injectors = machine.injectors();

            assertThatIllegalArgumentException().isThrownBy(() -> machine.vcpu(1))
                    .withMessage("vcpu must be 0 to 0, not 1");
            assertThatIllegalArgumentException().isThrownBy(() -> injectors.nmi(-1))
                    .withMessage("vcpu must be 0 to 0, not -1");
            assertThatIllegalArgumentException().isThrownBy(() -> machine.awaitTaken(256, 1, Hang.AFTER))
                    .withMessage("vector must be 0 to 255, not 256");
            assertThatIllegalArgumentException().isThrownBy(() -> injectors.vector(-1))
                    .withMessage("vector must be 0 to 255, not -1");
            assertThatIllegalArgumentException().isThrownBy(() -> injectors.forcedVector(256))
                    .withMessage("vector must be 0 to 255, not 256");
        }
    }

    @Test
    @RequiresKvm
    void longestTime_doesNotOverflow() throws InterruptedException {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).start()) {
            assertThat(machine.awaitReady(longest)).isTrue();
            assertThat(machine.vcpu(0).inspectWhenOpen(longest).isOpen()).isTrue();
        }
    }

    @Test
    void destinationThatIsNoVcpu_isRefusedWhenBuilt() {
        MachineBuilder builder = Machine.builder(BuiltinGuest.SMP).destination(2).vcpus(2);

        assertThatIllegalArgumentException().isThrownBy(builder::build)
                .withMessage("destination must be 0 to 1, not 2");
    }

    @ParameterizedTest
    @CsvSource({"0", "33", "-1"})
    void vcpusOutOfRange_areRefusedWhenSet(int count) {
        assertThatIllegalArgumentException().isThrownBy(() -> Machine.builder(BuiltinGuest.SMP).vcpus(count))
                .withMessage("vcpus must be 1 to 32, not " + count);
    }

    @ParameterizedTest
    @CsvSource({"PIC, 16, 15", "PIC, -1, 15", "APIC, 24, 23"})
    void openLineThatTheGuestLacks_isRefusedWhenSet(BuiltinGuest guest, int line, int last) {
        assertThatIllegalArgumentException().isThrownBy(() -> Machine.builder(guest).openLine(line))
                .withMessage("line must be 0 to %d, not %d".formatted(last, line));
    }

    @Test
    void null_isRefusedByNameWhenSet() {
        MachineBuilder builder = Machine.builder(BuiltinGuest.PIC);

        assertThatNullPointerException().isThrownBy(() -> Machine.builder((BuiltinGuest) null)).withMessage("guest");
        assertThatNullPointerException().isThrownBy(() -> builder.irqchip(null)).withMessage("irqchip");
        assertThatNullPointerException().isThrownBy(() -> builder.trigger(null)).withMessage("trigger");
        assertThatNullPointerException().isThrownBy(() -> builder.listener(null)).withMessage("listener");
        assertThatNullPointerException().isThrownBy(() -> builder.recorder(null)).withMessage("recorder");
    }
}
