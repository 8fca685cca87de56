package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.Allocation;
import dev.interject.RequiresKvm;
import dev.interject.device.CommandPort;
import dev.interject.device.IoapicOutput;
import dev.interject.device.MmioBus;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.EventFd;
import dev.interject.kvm.Msi;
import dev.interject.kvm.TinyGuest;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An injection by any path, and its recording, allocate nothing once the optimizing compiler has compiled it. */
@RequiresKvm
class InjectorAllocationTest {

    /** On, and soon full; dropping an event costs as much as recording it. */
    private static final Recorder RECORDER = Recorder.of(1000);
    private static final MsiMessage MESSAGE = MsiMessage.fixed(0, 0x61);
    private static final long ADDRESS = 0xfec00000L;
    private static final int PIN = 10;
    private static final String NEVER_RUN = """
            f4                   hlt
            """;

    private TinyGuest guest;
    private int kicks;

    private TinyGuest split() {
        guest = TinyGuest.withSplitIrqchip(NEVER_RUN);
        return guest;
    }

    private void kick() {
        kicks++;
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private static long bytesAllocatedBy(Injector injector) {
        return Allocation.inTheBestRoundOf(() -> {
            injector.isSettled();
            injector.inject();
            injector.release();
        });
    }

    /** An IOAPIC whose pin is open, and sends the message. */
    private static IoapicController ioapic(Msi message, int bits) {
        IoapicController ioapic = new IoapicController(new IoapicOutput() {
            @Override
            public int deliver(int pin, Redirection entry) {
                return message.signal();
            }

            @Override
            public void entryChanged(int pin, Redirection entry) {
                // no routes to keep in step
            }
        }, RECORDER);
        MmioBus bus = new MmioBus();
        ioapic.attachTo(bus, ADDRESS);
        bus.write(ADDRESS, 4, 0x10 + 2 * PIN);
        bus.write(ADDRESS + 0x10, 4, bits);
        return ioapic;
    }

    @Test
    void edgeOfTheUserspaceIoapic_allocatesNothing() {
        IoapicController ioapic = ioapic(split().vm().msi(MESSAGE), 0x61);

        assertThat(bytesAllocatedBy(new IoapicInjector(ioapic, PIN, Trigger.EDGE, new LineLevels()))).isZero();
    }

    @Test
    void levelOfTheUserspaceIoapic_allocatesNothing() {
        IoapicController ioapic = ioapic(split().vm().msi(MESSAGE), 0x8061);
        Injector injector = new IoapicInjector(ioapic, PIN, Trigger.LEVEL, new LineLevels());

        assertThat(Allocation.inTheBestRoundOf(() -> {
            injector.inject();
            injector.release();
            ioapic.endOfInterrupt(0x61);
        })).isZero();
    }

    @Test
    void ipi_allocatesNothing() {
        CommandPort commands = new CommandPort();
        Injector injector = new IpiInjector(commands, split().vm().msi(MESSAGE), Icr.fixed(0, 0x62, false), RECORDER);

        assertThat(Allocation.inTheBestRoundOf(() -> {
            injector.inject();
            commands.read(CommandPort.PORT, 4);
        })).isZero();
    }

    @Test
    void message_allocatesNothing() {
        assertThat(bytesAllocatedBy(new MsiInjector(split().vm().msi(MESSAGE), RECORDER))).isZero();
    }

    @Test
    void nmi_allocatesNothing() {
        split();
        AtomicInteger wanted = new AtomicInteger();

        assertThat(bytesAllocatedBy(new NmiInjector(wanted, this::kick))).isZero();
        assertThat(wanted).hasValue(kicks).hasPositiveValue();
    }

    @Test
    void lineOfTheUserspace8259s_allocatesNothing() {
        split();
        PicController pic = new PicController(RECORDER);

        assertThat(Allocation.inTheBestRoundOf(() -> {
            pic.setLine(PIN, true);
            pic.setLine(PIN, false);
        })).isZero();
        assertThat(bytesAllocatedBy(new PicInjector(pic, PIN, Trigger.EDGE, this::kick))).isZero();
        assertThat(bytesAllocatedBy(new PicInjector(pic, PIN, Trigger.LEVEL, this::kick))).isZero();
    }

    @Test
    void vectorByNumber_allocatesNothing() {
        split();
        VectorQueue queue = new VectorQueue(4);
        Injector injector = new VectorInjector(queue, 0x41, this::kick);

        assertThat(Allocation.inTheBestRoundOf(() -> {
            injector.inject();
            queue.acknowledge();
        })).isZero();
    }

    @Test
    void eventfd_allocatesNothing() {
        guest = TinyGuest.withIrqchip(NEVER_RUN);
        try (EventFd event = EventFd.create()) {
            guest.vm().bindIrqfd(event, PIN);

            assertThat(bytesAllocatedBy(IrqfdInjector.edge(event, () -> {}, RECORDER))).isZero();
        }
    }

    @Test
    void vectorRejectedByTheKernel_allocatesNothing() {
        split().vcpu().interrupt(0x41);

        assertThat(Allocation.inTheBestRoundOf(() -> guest.vcpu().tryInterrupt(0x42))).isZero();
    }
}
