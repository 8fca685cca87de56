package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.interject.RequiresKvm;
import dev.interject.device.Ioapic;
import dev.interject.device.IoapicState;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes, messages, eventfds and NMIs with the irqchip in the kernel. */
@RequiresKvm
class KernelControllersTest {

    private static final MsiMessage MESSAGE = MsiMessage.fixed(0, 0x61);
    private static final int LINE = 3;

    private Kvm kvm;
    private VirtualMachine vm;
    private Vcpu vcpu;

    @BeforeEach
    void create() {
        kvm = Kvm.open();
        vm = kvm.createVirtualMachine();
        vm.createIrqchip();
        vcpu = vm.createVcpu(0);
    }

    @AfterEach
    void close() {
        vcpu.close();
        vm.close();
        kvm.close();
    }

    @Test
    void freshIoapic_masksEveryPin() {
        assertThat(vm.ioapicState().entries()).hasSize(Ioapic.PINS)
                .allSatisfy(entry -> assertThat(entry.isMasked()).isTrue());
    }

    @Test
    void ioapicState_isSetAndRequestingPinsAreRaisedAgain() {
        List<Redirection> entries = new ArrayList<>(vm.ioapicState().entries());
        entries.set(20, new Redirection(0x1800_0000_0001_e0a5L));
        entries.set(21, new Redirection(0x4066L));
        IoapicState state = new IoapicState(1 << 20, entries);

        vm.setIoapicState(state);

        assertThat(vm.ioapicState()).isEqualTo(state);
        vm.irqLine(20).lower();
        assertThat(vm.ioapicState()).isEqualTo(new IoapicState(0, entries));
    }

    @Test
    void newLapic_isDisabledAndAcceptsThe8259s() {
        LapicRegisters lapic = vcpu.lapicRegisters();

        assertThat(lapic.isSoftwareEnabled()).isFalse();
        assertThat(lapic.highestInService()).isEqualTo(-1);
        assertThat(lapic.taskPriority()).isZero();
        // delivery mode 7, ExtINT, not masked
        assertThat(lapic.lint0() & 0x10700).isEqualTo(0x700);
    }

    @Test
    void standardRoutes_areThoseOfTheKernel() {
        vm.setRoutes(GsiRoute.standard());

        assertThat(vm.irqLine(LINE).raise()).isPositive();
        assertThat(vm.picState(PicChip.MASTER).irr()).isEqualTo(1 << LINE);
        assertThat(vm.irqLine(10).raise()).isPositive();
        assertThat(vm.picState(PicChip.SLAVE).irr()).isEqualTo(1 << 2);
    }

    @Test
    void gsiWithoutARoute_isIgnored() {
        vm.setRoutes(List.of());

        assertThat(vm.irqLine(LINE).raise()).isNegative();
    }

    @Test
    void gsiRoutedToAnotherPin_raisesThatOne() {
        vm.setRoutes(List.of(new GsiRoute.ToPin(20, PicChip.MASTER.number(), LINE)));

        assertThat(vm.irqLine(20).raise()).isPositive();
        assertThat(vm.picState(PicChip.MASTER).irr()).isEqualTo(1 << LINE);
    }

    @Test
    void messageToADisabledLapic_isBlocked() {
        assertThat(vm.msi(MESSAGE).signal()).isZero();
    }

    @Test
    void lowestPriorityMessageWithoutAnEnabledLapic_isNotDelivered() {
        MsiMessage lowestPriorityToAll = new MsiMessage(0xfeeff00c, 0x161);

        assertThat(vm.msi(lowestPriorityToAll).signal()).isEqualTo(-1);
    }

    @Test
    void messageWithoutIrqchip_isEinval() {
        try (VirtualMachine plain = kvm.createVirtualMachine()) {
            assertThatThrownBy(() -> plain.msi(MESSAGE).signal())
                    .hasMessage("KVM_SIGNAL_MSI: EINVAL (Invalid argument)");
        }
    }

    @Test
    void message_hasDestinationAndVector() {
        MsiMessage message = MsiMessage.fixed(0xa5, 0xf1);

        assertThat(message).isEqualTo(new MsiMessage(0xfeea5000, 0xf1));
        assertThat(message.destination()).isEqualTo(0xa5);
        assertThat(message.vector()).isEqualTo(0xf1);
        assertThatIllegalArgumentException().isThrownBy(() -> MsiMessage.fixed(256, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> MsiMessage.fixed(0, -1));
    }

    @Test
    void eventfdSignalled_pulsesItsLine() throws InterruptedException {
        try (EventFd event = EventFd.create()) {
            vm.bindIrqfd(event, LINE);

            event.signal();

            awaitRequest();
            assertThat(vm.picState(PicChip.MASTER).lastIrr()).isZero();
        }
    }

    @Test
    void eventfdWithResample_holdsItsLineHigh() throws InterruptedException {
        try (EventFd event = EventFd.create(); EventFd resample = EventFd.create()) {
            vm.bindIrqfd(event, LINE, resample);

            event.signal();

            awaitRequest();
            assertThat(vm.picState(PicChip.MASTER).lastIrr()).isEqualTo(1 << LINE);
            assertThat(resample.consume()).isZero();
        }
    }

    /** The kernel may inject a moment after the write. */
    private void awaitRequest() throws InterruptedException {
        while (vm.picState(PicChip.MASTER).irr() != 1 << LINE) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void eventfdBoundTwice_isEbusy() {
        try (EventFd event = EventFd.create()) {
            vm.bindIrqfd(event, LINE);

            assertThatThrownBy(() -> vm.bindIrqfd(event, LINE))
                    .hasMessage("KVM_IRQFD: EBUSY (Device or resource busy)");
        }
    }

    @Test
    void eventfdWithoutIrqchip_isEinval() {
        try (VirtualMachine plain = kvm.createVirtualMachine(); EventFd event = EventFd.create()) {
            assertThatThrownBy(() -> plain.bindIrqfd(event, LINE)).hasMessage("KVM_IRQFD: EINVAL (Invalid argument)");
        }
    }

    @Test
    void nmi_isPendingDespiteIf() {
        assertThat(vcpu.registers().interruptFlag()).isFalse();

        vcpu.nmi();

        assertThat(vcpu.events().nmiPending()).isTrue();
        assertThat(vcpu.events().nmiMasked()).isFalse();
    }

    /** Kernels before 6.4 say only that at least one is pending. */
    @Test
    void nmis_areCountedUpToTwoOrToOne() {
        assertThat(vcpu.events().nmisPending()).isZero();

        List<Integer> counts = IntStream.range(0, 3).mapToObj(i -> {
            vcpu.nmi();
            return vcpu.events().nmisPending();
        }).toList();

        assertThat(counts).isIn(List.of(1, 2, 2), List.of(1, 1, 1));
    }

    @Test
    void pit_isCreatedOnce() {
        try (VirtualMachine other = kvm.createVirtualMachine()) {
            other.createIrqchip();
            other.createPit();

            assertThatThrownBy(other::createPit).hasMessage("KVM_CREATE_PIT2: EEXIST (File exists)");
        }
    }

    /** After reset KVM has no mode in its channels, and the largest count (pit_load_count of i8254.c). */
    @Test
    void pitThatIsNotProgrammed_hasNoMode() {
        try (VirtualMachine other = kvm.createVirtualMachine()) {
            other.createIrqchip();
            other.createPit();

            assertThat(other.pitState().channels()).allSatisfy(channel -> {
                assertThat(channel.mode()).isEqualTo(PitChannel.NO_MODE);
                assertThat(channel.count()).isEqualTo(PitChannel.LARGEST_COUNT);
            });
        }
    }

    @Test
    void pit_comesBackAsItWasSet() {
        try (VirtualMachine other = kvm.createVirtualMachine()) {
            other.createIrqchip();
            other.createPit();
            PitState before = other.pitState();
            PitAccess access = new PitAccess(3, 1, 2, 0x12, 2, 0x3456, true, 0x78);

            other.setPitState(new PitState(List.of(before.timer().withMode(2).withCount(1193),
                    before.channels().get(1).withGate(false),
                    new PitChannel(7, 3, true, true, 0, access)), 2));

            PitState after = other.pitState();
            assertThat(after.flags()).isEqualTo(2);
            assertThat(after.timer().mode()).isEqualTo(2);
            assertThat(after.timer().count()).isEqualTo(1193);
            assertThat(after.channels().get(1).gate()).isFalse();
            PitChannel speaker = after.channels().get(2);
            assertThat(speaker).isEqualTo(new PitChannel(7, 3, true, true, speaker.loadTime(), access));
        }
    }

    @Test
    void pitThatDoesNotExist_isEnxio() {
        assertThatThrownBy(vm::pitState).hasMessage("KVM_GET_PIT2: ENXIO (No such device or address)");
    }

    @Test
    void statistics_nameKvmsCounters() {
        try (StatisticsFile ofVcpu = vcpu.statistics()) {
            assertThat(ofVcpu.read()).containsKeys("exits", "irq_injections", "halt_exits")
                    .allSatisfy((name, value) -> assertThat(name).isNotBlank());
        }
    }

    /** More than once where something cancels the entry. */
    @Test
    void interruptsInjected_areCountedByKvmToo() {
        try (TinyGuest guest = TinyGuest.withoutIrqchip("""
                fb                   sti
                f4                   hlt
                """).withHandler(0x41, 0x2000, """
                cf                   iret
                """); StatisticsFile statistics = guest.vcpu().statistics()) {
            guest.vcpu().run();
            long before = statistics.read().get("irq_injections");
            guest.vcpu().interrupt(0x41);
            guest.vcpu().run();

            assertThat(statistics.read().get("irq_injections")).isGreaterThan(before);
        }
    }
}
