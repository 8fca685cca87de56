package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.Injector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that mean ill: whatever they do, the machine neither fails nor hangs nor touches what is not the guest's. */
@RequiresKvm
class HostileGuestTest {

    /** What {@code babbler} and {@code mmio} leave in the mailbox when they have come through. */
    private static final long DONE = 0x600d600dL;
    private final Ear ear = new Ear();

    @ParameterizedTest
    @EnumSource
    void garbageToEveryPortInEveryWidth_isSurvived(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = TestGuest.machine(irqchip, "babbler", ear)) {
            machine.start();
            awaitDone(machine);

            assertThat(machine.vcpu(0).inspect().cpu().halted()).isTrue();
            assertThat(ear.failures).isEmpty();
            assertThat(ear.crashes).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unmappedMemory_readsAsAllOnesInEveryWidth(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = TestGuest.machine(irqchip, "mmio", ear)) {
            machine.start();
            awaitDone(machine);

            assertThat(ear.failures).isEmpty();
            assertThat(ear.crashes).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void garbageToTheIoapicInEveryWidth_isSurvivedWhileItsPinsArePulled(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = TestGuest.machine(irqchip, "ioapic-babbler", ear)) {
            Injector pin = irqchip == Irqchip.KERNEL
                    ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                    : machine.injectors().ioapicPin(TestGuest.LINE, Trigger.EDGE);
            machine.start();
            awaitDone(machine, pin::inject);

            assertThat(machine.vcpu(0).inspect().controllers().ioapic().orElseThrow().entries()).hasSize(24);
            assertThat(ear.failures).isEmpty();
            assertThat(ear.crashes).isEmpty();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static void awaitDone(Machine machine) throws InterruptedException {
        awaitDone(machine, () -> {});
    }

    /** Fails after a time that only a guest which stopped on the way needs. */
    private static void awaitDone(Machine machine, Runnable meanwhile) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (machine.vcpu(0).mailbox().spurious() != DONE) {
            assertThat(System.nanoTime()).as(() -> "guest at " + machine.vcpu(0).inspect().cpu().registers())
                    .isLessThan(deadline);
            meanwhile.run();
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void guestThatNeverReportsReady_canBeInspected(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "mute", ear)) {
            machine.start();

            GuestState state = machine.vcpu(0).inspectWhenOpen(Duration.ofSeconds(30));

            assertThat(state.isOpen()).isTrue();
            assertThat(machine.symbolAt(state.cpu().registers().rip())).startsWith("sleep");
            assertThat(ear.readies).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsOfInterruptsNeverTaken_areReceivedButNotCounted(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = TestGuest.machine(irqchip, "liar", ear)) {
            machine.start();
            assertThat(ear.hearsReady()).isTrue();
            await(() -> !ear.taken.isEmpty());

            assertThat(machine.vcpu(0).mailbox().taken(0x2a)).isZero();
            assertThat(ear.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void guestThatDestroysItsTables_canBeInspectedAndInterrupted(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = TestGuest.machine(irqchip, "self-destruct", ear)) {
            machine.start();
            assertThat(ear.hearsReady()).isTrue();
            await(() -> machine.vcpu(0).inspect().cpu().special().idt().base() == 0x00007ffffffff800L);

            assertThat(machine.vcpu(0).inspect().cpu().tables().idt()).isEmpty();
            line(machine, irqchip).inject();
            assertThat(ear.hearsCrash()).isTrue();
            assertThat(machine.vcpu(0).inspect().cpu().special().idt().limit()).isEqualTo(0xffff);
            assertThat(ear.failures).isEmpty();
        }
    }

    private static Injector line(Machine machine, Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL
                ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                : machine.injectors().userspaceLine(TestGuest.LINE, Trigger.EDGE);
    }

    @ParameterizedTest
    @EnumSource
    void guestThatJumpsToUnmappedMemory_crashes(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "runaway", ear)) {
            machine.start();

            assertThat(ear.hearsCrash()).isTrue();
            assertThat(ear.crashes).singleElement().asString().contains("KVM_EXIT_");
            assertThat(machine.vcpu(0).inspect().cpu().registers().rip()).isEqualTo(0x200000);
            assertThat(ear.failures).isEmpty();
        }
    }
}
