package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hostile guests: whatever they do, the machine neither fails nor hangs nor accesses anything outside the guest. */
@RequiresKvm
class HostileGuestTest {

    /** What {@code babbler} and {@code mmio} write to the mailbox when they have finished. */
    private static final long DONE = 0x600d600dL;
    private final RecordingListener listener = new RecordingListener();

    @ParameterizedTest
    @EnumSource
    void garbageToEveryPortInEveryWidth_isSurvived(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "babbler", listener)) {
            machine.start();
            Hang.orUntil(() -> isDone(machine) && machine.vcpu(0).inspect().cpu().halted());

            assertThat(listener.failures).isEmpty();
            assertThat(listener.crashes).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unmappedMemory_readsAsAllOnesInEveryWidth(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "mmio", listener)) {
            machine.start();
            Hang.orUntil(() -> isDone(machine));

            assertThat(listener.failures).isEmpty();
            assertThat(listener.crashes).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void garbageToTheIoapicInEveryWidth_isSurvivedWhileItsPinsArePulled(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "ioapic-babbler", listener)) {
            Injector pin = irqchip == Irqchip.KERNEL
                    ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                    : machine.injectors().ioapicPin(TestGuest.LINE, Trigger.EDGE);
            machine.start();
            Hang.orUntil(() -> {
                pin.inject();
                return isDone(machine);
            });

            assertThat(machine.vcpu(0).inspect().controllers().ioapic().orElseThrow().entries()).hasSize(24);
            assertThat(listener.failures).isEmpty();
            assertThat(listener.crashes).isEmpty();
        }
    }

    private static boolean isDone(Machine machine) {
        return machine.vcpu(0).mailbox().spurious() == DONE;
    }

    @ParameterizedTest
    @EnumSource
    void guestThatNeverReportsReady_canBeInspected(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "mute", listener)) {
            machine.start();

            GuestState state = machine.vcpu(0).inspectWhenOpen(Hang.AFTER);

            assertThat(state.isOpen()).isTrue();
            assertThat(machine.symbolAt(state.cpu().registers().rip())).startsWith("sleep");
            assertThat(listener.readies).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsOfInterruptsNeverTaken_areReceivedButNotCounted(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "liar", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Hang.orUntil(() -> !listener.taken.isEmpty());

            assertThat(machine.vcpu(0).mailbox().taken(0x2a)).isZero();
            assertThat(listener.failures).isEmpty();
        }
    }

    /** Its triple fault resets the vCPU on AMD: "VMCB is undefined after a SHUTDOWN intercept" (svm.c). */
    @ParameterizedTest
    @EnumSource
    void guestThatDestroysItsTables_canBeInspectedAndInterrupted(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "self-destruct", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Hang.orUntil(() -> hasWildIdt(machine) || !listener.crashes.isEmpty());

            assertThat(machine.vcpu(0).inspect()).satisfiesAnyOf(
                    state -> assertThat(state.cpu().tables().idt()).isEmpty(),
                    state -> assertThat(state.cpu().special().inRealMode()).isTrue());
            line(machine, irqchip).inject();
            assertThat(listener.observesCrash()).isTrue();
            assertThat(machine.vcpu(0).inspect().cpu().special().idt().limit()).isEqualTo(0xffff);
            assertThat(listener.failures).isEmpty();
        }
    }

    private static boolean hasWildIdt(Machine machine) {
        return machine.vcpu(0).inspect().cpu().special().idt().base() == 0x00007ffffffff800L;
    }

    private static Injector line(Machine machine, Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL
                ? machine.injectors().kernelLine(TestGuest.LINE, Trigger.EDGE)
                : machine.injectors().userspaceLine(TestGuest.LINE, Trigger.EDGE);
    }

    @ParameterizedTest
    @EnumSource
    void guestThatJumpsToUnmappedMemory_crashes(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "runaway", listener)) {
            machine.start();

            assertThat(listener.observesCrash()).isTrue();
            assertThat(listener.crashes).singleElement().asString().contains("KVM_EXIT_");
            assertThat(machine.vcpu(0).inspect().cpu().registers().rip()).isEqualTo(0x200000);
            assertThat(listener.failures).isEmpty();
        }
    }
}
