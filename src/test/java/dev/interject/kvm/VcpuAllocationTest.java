package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.Allocation;
import dev.interject.RequiresKvm;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing once the optimizing compiler has compiled it: not one byte in thousands of calls. */
@RequiresKvm
class VcpuAllocationTest {

    private static final String WRITES_FOREVER = """
            e6 10                out    %al,$0x10
            eb fc                jmp    .-2
            """;

    private TinyGuest guest;

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void measurement_seesOneObjectPerCall() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);
        Object[] kept = new Object[1];

        assertThat(Allocation.inTheBestRoundOf(() -> kept[0] = new Object()))
                .isGreaterThanOrEqualTo(8L * Allocation.CALLS);
    }

    @Test
    void exits_areReused() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);

        assertThat(guest.vcpu().run()).isSameAs(guest.vcpu().run());
        guest.vcpu().setImmediateExit(true);
        assertThat(guest.vcpu().run()).isSameAs(guest.vcpu().run());
    }

    @Test
    void runAndReadOfThePortAccess_allocateNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);
        int[] sum = new int[1];

        assertThat(Allocation.inTheBestRoundOf(() -> {
            PortIo io = guest.runToPort();
            sum[0] += io.port() + io.width() + io.count() + io.value(0);
        })).isZero();
    }

    @Test
    void runThatIsInterrupted_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);
        guest.vcpu().setImmediateExit(true);

        assertThat(Allocation.inTheBestRoundOf(guest.vcpu()::run)).isZero();
    }

    @Test
    void interrupt_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);

        assertThat(Allocation.inTheBestRoundOf(() -> guest.vcpu().interrupt(0x41))).isZero();
    }

    @Test
    void checkForAnNmi_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOREVER);

        assertThat(guest.vcpu().canTakeNmi()).isFalse();
        guest.vcpu().nmi();
        assertThat(guest.vcpu().canTakeNmi()).isTrue();
        assertThat(Allocation.inTheBestRoundOf(guest.vcpu()::canTakeNmi)).isZero();
    }

    @Test
    void lineRaisedAndLowered_allocatesNothing() {
        guest = TinyGuest.withIrqchip(WRITES_FOREVER);
        IrqLine line = guest.vm().irqLine(10);

        assertThat(Allocation.inTheBestRoundOf(() -> {
            line.raise();
            line.lower();
        })).isZero();
    }

    @Test
    void messageAndEventfd_allocateNothing() {
        guest = TinyGuest.withIrqchip(WRITES_FOREVER);
        Msi message = guest.vm().msi(MsiMessage.fixed(0, 0x61));

        assertThat(Allocation.inTheBestRoundOf(message::signal)).isZero();
        try (EventFd event = EventFd.create()) {
            assertThat(Allocation.inTheBestRoundOf(() -> {
                event.signal();
                event.consume();
            })).isZero();
        }
    }
}
