package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.RequiresKvm;
import dev.interject.device.CommandPort;
import dev.interject.device.IoapicOutput;
import dev.interject.device.MmioBus;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.EventFd;
import dev.interject.kvm.TinyGuest;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Injectors whose path ends in a LAPIC, and those of eventfds. */
@RequiresKvm
class ApicInjectorTest {

    private static final MsiMessage ATTENTION = MsiMessage.fixed(0, CommandPort.VECTOR);
    private static final long ADDRESS = 0xfec00000L;
    private static final int PIN = 10;
    private static final int LINE = 5;
    private static final int LEVEL = 1 << 15;
    private static final String NEVER_RUN = """
            f4                   hlt
            """;

    private final TinyGuest guest = TinyGuest.withIrqchip(NEVER_RUN);
    private final CommandPort commands = new CommandPort();
    private final List<Integer> delivered = new ArrayList<>();
    private final IoapicController ioapic = new IoapicController(new IoapicOutput() {
        @Override
        public int deliver(int pin, Redirection entry) {
            delivered.add(entry.vector());
            return 1;
        }

        @Override
        public void entryChanged(int pin, Redirection entry) {
            // no routes to keep in step
        }
    }, Recorder.off());

    @AfterEach
    void close() {
        guest.close();
    }

    private void openPin(int bits) {
        MmioBus bus = new MmioBus();
        ioapic.attachTo(bus, ADDRESS);
        bus.write(ADDRESS, 4, 0x10 + 2 * PIN);
        bus.write(ADDRESS + 0x10, 4, bits);
    }

    @Test
    void ipi_isACommandAndAMessageToTheSender() {
        IpiInjector injector =
                new IpiInjector(commands, guest.vm().msi(ATTENTION), Icr.fixed(3, 0x61, false), Recorder.off());

        assertThat(injector.inject()).isZero(); // its LAPIC is disabled
        injector.release();

        assertThat(commands.read(CommandPort.PORT, 4)).isEqualTo(0x03004061);
        assertThat(commands.read(CommandPort.PORT, 4)).isEqualTo(CommandPort.NONE);
    }

    @Test
    void ipiToTheHighestApicId_isAnOrdinaryCommand() {
        new IpiInjector(commands, guest.vm().msi(ATTENTION), Icr.fixed(255, 255, false), Recorder.off()).inject();

        assertThat(commands.read(CommandPort.PORT, 4)).isEqualTo(0xff0040ff);
    }

    @ParameterizedTest
    @CsvSource({"0x10000004061, 0x00804061, 0x100, true", "-0xffffbf9f, 0x00804061, -1, true",
        "0, 0x00800000, 0, false",
        "0x0100000000004061, 0x01004061, 0, false", "0x0100000100004061, 0x00804061, 0x01000001, false"})
    void wholeIcr_isOneWordIfItFits(String bits, String first, String second, boolean isX2apic) {
        new IpiInjector(commands, guest.vm().msi(ATTENTION), new Icr(Long.decode(bits), isX2apic), Recorder.off())
                .inject();

        assertThat(commands.read(CommandPort.PORT, 4)).isEqualTo(Integer.decode(first));
        assertThat(commands.read(CommandPort.PORT, 4)).isEqualTo(Integer.decode(second));
    }

    @Test
    void ipiThatTheGuestDoesNotFetch_coalescesAndIsNotSent() {
        TinyGuest plain = TinyGuest.withoutIrqchip(NEVER_RUN); // where every message is an error
        try (plain) {
            IpiInjector injector =
                    new IpiInjector(commands, plain.vm().msi(ATTENTION), Icr.fixed(0, 0x61, false), Recorder.off());
            assertThatThrownBy(injector::inject).hasMessageStartingWith("KVM_SIGNAL_MSI: EINVAL");
            while (commands.offer(1)) {
                // fill it
            }

            assertThat(injector.inject()).isZero();
        }
    }

    @Test
    void edgeOfTheUserspaceIoapic_isAPulse() {
        openPin(0x4a);
        LineLevels levels = new LineLevels();
        IoapicInjector injector = new IoapicInjector(ioapic, PIN, Trigger.EDGE, levels);

        assertThat(injector.inject()).isEqualTo(1);
        assertThat(injector.inject()).isEqualTo(1);
        injector.release();

        assertThat(delivered).containsExactly(0x4a, 0x4a);
        assertThat(levels.high()).isZero();
        assertThat(ioapic.state().irr()).isZero();
    }

    @Test
    void levelOfTheUserspaceIoapic_requestsUntilReleased() {
        openPin(0x4a | LEVEL);
        LineLevels levels = new LineLevels();
        IoapicInjector injector = new IoapicInjector(ioapic, PIN, Trigger.LEVEL, levels);

        assertThat(injector.inject()).isEqualTo(1);
        assertThat(levels.high()).isEqualTo(1 << PIN);
        ioapic.endOfInterrupt(0x4a);
        assertThat(delivered).containsExactly(0x4a, 0x4a);

        injector.release();
        ioapic.endOfInterrupt(0x4a);
        assertThat(delivered).hasSize(2);
        assertThat(levels.high()).isZero();
        assertThat(ioapic.state().irr()).isZero();
    }

    @Test
    void releasedEdgeOfTheUserspaceIoapic_changesNothing() {
        openPin(0x4a | LEVEL);
        ioapic.setPin(PIN, true);

        new IoapicInjector(ioapic, PIN, Trigger.EDGE, new LineLevels()).release();

        assertThat(ioapic.state().irr()).isEqualTo(1 << PIN);
    }

    @Test
    void drainedEventfd_hasNoPendingSignal() {
        try (EventFd event = EventFd.create()) {
            guest.vm().bindIrqfd(event, LINE);
            IrqfdInjector injector = IrqfdInjector.edge(event, () -> {
                guest.vm().unbindIrqfd(event, LINE);
                guest.vm().bindIrqfd(event, LINE);
            }, Recorder.off());

            assertThat(injector.inject()).isEqualTo(Injector.NO_STATUS);
            injector.drain();

            assertThat(guest.vm().picState(PicChip.MASTER).irr()).isEqualTo(1 << LINE);
        }
    }

    @Test
    void drainedEventfdOfALevel_isNotReboundToKvm() {
        try (EventFd event = EventFd.create(); EventFd resample = EventFd.create()) {
            IrqfdInjector injector = IrqfdInjector.level(event, resample, Recorder.off());

            injector.inject();
            injector.drain();

            assertThat(event.consume()).isEqualTo(1);
        }
    }

    @Test
    void lineThatAnEventfdTookHigh_isNotSettledUntilTheEoi() {
        try (EventFd event = EventFd.create(); EventFd resample = EventFd.create()) {
            IrqfdInjector injector = IrqfdInjector.level(event, resample, Recorder.off());
            assertThat(injector.isSettled()).isTrue();

            injector.inject();
            assertThat(injector.isSettled()).isFalse();

            resample.signal(); // as the kernel does at the EOI
            assertThat(injector.isSettled()).isTrue();
            assertThat(injector.isSettled()).as("at a second look").isTrue();
        }
    }

    @Test
    void deviceThatStillRequests_raisesItsLineAgainAfterTheEoi() {
        try (EventFd event = EventFd.create(); EventFd resample = EventFd.create()) {
            IrqfdInjector injector = IrqfdInjector.level(event, resample, Recorder.off());
            injector.inject();
            resample.signal(); // as the kernel does at the EOI
            assertThat(injector.isSettled()).isTrue();

            injector.holdOn();

            assertThat(event.consume()).isEqualTo(2);
            assertThat(injector.consumeResample()).isFalse();
        }
    }

    @Test
    void eoi_isReportedOnceAndOnlyOfALevel() {
        try (EventFd event = EventFd.create(); EventFd resample = EventFd.create()) {
            IrqfdInjector level = IrqfdInjector.level(event, resample, Recorder.off());
            resample.signal();

            assertThat(level.consumeResample()).isTrue();
            assertThat(level.consumeResample()).isFalse();
            assertThat(IrqfdInjector.edge(event, () -> {}, Recorder.off()).consumeResample()).isFalse();
        }
    }

    @Test
    void nmi_incrementsTheRequestsAndKicks() {
        AtomicInteger wanted = new AtomicInteger();
        AtomicInteger wantedAtTheKick = new AtomicInteger();
        NmiInjector injector = new NmiInjector(wanted, () -> wantedAtTheKick.set(wanted.get()));

        assertThat(injector.inject()).isEqualTo(Injector.NO_STATUS);
        assertThat(injector.inject()).isEqualTo(Injector.NO_STATUS);
        injector.release();

        assertThat(wanted).hasValue(2);
        assertThat(wantedAtTheKick).hasValue(2);
    }
}
