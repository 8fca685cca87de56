package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import dev.interject.RequiresKvm;
import dev.interject.linux.EventFd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing: not one byte in thousands of calls. */
@RequiresKvm
class VcpuAllocationTest {

    private static final int ROUNDS = 6;
    private static final int CALLS = 10_000;

    private static final String WRITES_FOR_EVER = """
            e6 10                out    %al,$0x10
            eb fc                jmp    .-2
            """;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private TinyGuest guest;

    @AfterEach
    void close() {
        guest.close();
    }

    /**
     * What some thousand calls allocate, in the best of several rounds: the JVM itself allocates now and then, as long
     * as it gets used to the code; a call that allocates does so in every round.
     */
    private long bytesAllocatedBy(Runnable call) {
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        return least;
    }

    @Test
    void measurement_seesOneObjectACall() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOR_EVER);
        Object[] kept = new Object[1];

        assertThat(bytesAllocatedBy(() -> kept[0] = new Object())).isGreaterThanOrEqualTo(8L * CALLS);
    }

    @Test
    void exits_areHandedOutAgainAndAgain() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOR_EVER);

        assertThat(guest.vcpu().run()).isSameAs(guest.vcpu().run());
        guest.vcpu().setImmediateExit(true);
        assertThat(guest.vcpu().run()).isSameAs(guest.vcpu().run());
    }

    @Test
    void runAndLookAtThePortAccess_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOR_EVER);
        int[] sum = new int[1];

        assertThat(bytesAllocatedBy(() -> {
            PortIo io = guest.runToPort();
            sum[0] += io.port() + io.width() + io.count() + io.value(0);
        })).isZero();
    }

    @Test
    void runThatIsInterrupted_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOR_EVER);
        guest.vcpu().setImmediateExit(true);

        assertThat(bytesAllocatedBy(guest.vcpu()::run)).isZero();
    }

    @Test
    void interrupt_allocatesNothing() {
        guest = TinyGuest.withoutIrqchip(WRITES_FOR_EVER);

        assertThat(bytesAllocatedBy(() -> guest.vcpu().interrupt(0x41))).isZero();
    }

    @Test
    void lineRaisedAndLowered_allocatesNothing() {
        guest = TinyGuest.withIrqchip(WRITES_FOR_EVER);
        IrqLine line = guest.vm().irqLine(10);

        assertThat(bytesAllocatedBy(() -> {
            line.raise();
            line.lower();
        })).isZero();
    }

    @Test
    void messageAndEventfd_allocateNothing() {
        guest = TinyGuest.withIrqchip(WRITES_FOR_EVER);
        Msi message = guest.vm().msi(MsiMessage.fixed(0, 0x61));

        assertThat(bytesAllocatedBy(message::signal)).isZero();
        try (EventFd event = EventFd.create()) {
            assertThat(bytesAllocatedBy(() -> {
                event.signal();
                event.consume();
            })).isZero();
        }
    }
}
