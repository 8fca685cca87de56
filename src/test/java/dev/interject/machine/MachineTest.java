package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.device.Redirection;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresKvm
class MachineTest {

    private final RecordingListener listener = new RecordingListener();

    @ParameterizedTest
    @EnumSource
    void irqchip_isTheRequestedOne(Irqchip wanted) {
        try (Machine machine = TestGuest.machine(wanted, "pic", listener)) {
            assertThat(machine.irqchip()).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @EnumSource
    void machineThatNeverStarted_runsNothingAndCloses(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "pic", listener)) {
            assertThat(machine.vcpu(0).mailbox().taken(0x2a)).isZero();
        }

        assertThat(listener.readies).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, pic", "KERNEL, spin", "KERNEL, deaf", "KERNEL, busy", "SPLIT, pic", "SPLIT, spin",
        "SPLIT, deaf", "SPLIT, busy", "USERSPACE, pic", "USERSPACE, spin",
        "USERSPACE, deaf", "USERSPACE, busy"})
    void runningMachine_closes(Irqchip irqchip, String guest) {
        Machine machine = TestGuest.machine(irqchip, guest, listener);
        machine.start();
        assertThat(listener.becomesReady()).isTrue();

        machine.close();
        machine.close();

        assertThat(listener.failures).isEmpty();
        assertThat(listener.crashes).isEmpty();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> machine.vcpu(0).mailbox().spurious());
    }

    /** The file that is opened next gets the number of a closed descriptor. */
    @Test
    void injectorsOfAClosedMachine_refuseAndReachNoOtherFile(@TempDir Path directory) throws IOException {
        Machine machine = TestGuest.machine(Irqchip.KERNEL, "pic", listener);
        List<Injector> injectors = List.of(machine.injectors().irqfd(10, Trigger.EDGE),
                machine.injectors().irqfd(11, Trigger.LEVEL), machine.injectors().kernelLine(9, Trigger.EDGE),
                machine.injectors().message(MsiMessage.fixed(0, 0x41)));
        machine.close();
        List<FileChannel> next = new ArrayList<>();
        try {
            for (int number = 0; number < 32; number++) {
                next.add(FileChannel.open(directory.resolve("file" + number), StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE));
            }

            assertThat(injectors).allSatisfy(
                    injector -> assertThatIllegalStateException().isThrownBy(injector::inject));

            for (FileChannel file : next) {
                assertThat(file.size()).isZero();
            }
        } finally {
            for (FileChannel file : next) {
                file.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, deaf, asleep+0x2, true", "SPLIT, deaf, asleep+0x2, true", "USERSPACE, deaf, asleep+0x2, true",
        "KERNEL, spin, spinning, false", "SPLIT, spin, spinning, false",
        "USERSPACE, spin, spinning, false"})
    void inspect_findsWhereTheGuestIsAndResumesIt(Irqchip irqchip, String guest, String place, boolean halted) {
        try (Machine machine = TestGuest.machine(irqchip, guest, listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            TestGuest.awaitAt(machine, place);

            List<GuestState> states = IntStream.range(0, 20).mapToObj(i -> machine.vcpu(0).inspect()).toList();

            assertThat(states).allSatisfy(state -> {
                assertThat(machine.symbolAt(state.cpu().registers().rip())).isEqualTo(place);
                assertThat(state.cpu().halted()).isEqualTo(halted);
                assertThat(state.isOpen()).isFalse();
                assertThat(state.controllers().vectorOf(TestGuest.LINE)).isEqualTo(0x2a);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspectWhenOpen_findsIfSetInASleepingGuest(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "late", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();

            assertThat(machine.vcpu(0).inspect().isOpen()).isFalse();
            assertThat(machine.vcpu(0).inspectWhenOpen(Hang.AFTER).isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void levelLine_staysHighUntilReleased(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "deaf", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Injector line = line(machine, irqchip, Trigger.LEVEL);

            line.inject();
            assertThat(machine.vcpu(0).inspect().controllers().slave().lastIrr() & 1 << 2).isNotZero();

            line.release();
            assertThat(machine.vcpu(0).inspect().controllers().slave().lastIrr() & 1 << 2).isZero();
        }
    }

    private static Injector line(Machine machine, Irqchip irqchip, Trigger trigger) {
        return irqchip == Irqchip.KERNEL
                ? machine.injectors().kernelLine(TestGuest.LINE, trigger)
                : machine.injectors().userspaceLine(TestGuest.LINE, trigger);
    }

    @ParameterizedTest
    @EnumSource
    void nmiRequestedWhileStopped_wakesAHaltedGuest(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "nmi", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            TestGuest.awaitAt(machine, "asleep+0x2");

            machine.vcpu(0).whileStopped(machine.injectors().nmi(0)::inject, Hang.AFTER);

            assertThat(TestGuest.takes(machine, 2, 1)).isTrue();
        }
    }

    @Test
    void ioapicOfASplitMachine_isInspectedAsProgrammed() {
        try (Machine machine = TestGuest.machine(Irqchip.SPLIT, "apic", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();

            List<Redirection> entries = machine.vcpu(0).inspect().controllers().ioapic().orElseThrow().entries();

            assertThat(entries).hasSize(24);
            assertThat(entries.get(TestGuest.LINE)).isEqualTo(new Redirection(0x30 + TestGuest.LINE));
            assertThat(entries).filteredOn(entry -> !entry.isMasked()).hasSize(1);
            assertThat(machine.vcpu(0).inspect().controllers().lapic()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "USERSPACE"})
    void ioapicPinOfAMachineWithoutOwnIoapic_isRefused(Irqchip irqchip) {
        try (Machine machine = TestGuest.machine(irqchip, "pic", listener)) {
            assertThatIllegalStateException().isThrownBy(() -> machine.injectors().ioapicPin(10, Trigger.EDGE))
                    .withMessage("with irqchip %s there is no IOAPIC in this process".formatted(irqchip));
        }
    }

    @Test
    void redirectionOfAMachineWithoutIoapic_isRefused() {
        try (Machine machine = TestGuest.machine(Irqchip.USERSPACE, "pic", listener)) {
            machine.start();

            assertThatIllegalStateException().isThrownBy(() -> machine.vcpu(0).freeze(frozen -> {
                frozen.redirection(10, entry -> entry);
                return null;
            })).withMessage("irqchip userspace has no IOAPIC");
        }
    }

    @Test
    void userspaceLineOfAMachineWithKernel8259s_isRefused() {
        try (Machine machine = TestGuest.machine(Irqchip.KERNEL, "pic", listener)) {
            assertThatIllegalStateException().isThrownBy(() -> machine.injectors().userspaceLine(10, Trigger.EDGE))
                    .withMessage("with irqchip kernel there is no 8259 pair in this process");
        }
    }

    @Test
    void userspaceMachine_hasNeitherIoapicNorLapic() {
        try (Machine machine = TestGuest.machine(Irqchip.USERSPACE, "pic", listener)) {
            machine.start();

            assertThat(machine.vcpu(0).inspect().controllers().ioapic()).isEmpty();
            assertThat(machine.vcpu(0).inspect().controllers().lapic()).isEmpty();
        }
    }

    @Test
    void vectorsForClosedGuest_waitInTheQueue() {
        try (Machine machine = TestGuest.machine(Irqchip.USERSPACE, "deaf", listener)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Injector vector = machine.injectors().vector(0x41);

            IntStream.range(0, 5).forEach(i -> vector.inject());

            assertThat(machine.vcpu(0).inspect().cpu().events().interruptInjected()).isFalse();
            assertThat(machine.vectorsWaiting()).isEqualTo(5);
        }
    }

    @Test
    void imageThatDoesNotFit_failsAndLeavesNothingOpen() throws IOException {
        GuestImage pic = TestGuest.image("pic");
        GuestImage outside =
                new GuestImage(pic.format(), pic.protocol(), List.of(new Part(2 << 20, new byte[1])), pic.symbols());
        long before = descriptors();

        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> TestGuest.machine(Irqchip.KERNEL, outside, listener));

        assertThat(descriptors()).isEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
