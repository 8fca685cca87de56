package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.linux.KickSignal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** KVM's counters, and how they count. */
@RequiresKvm
class StatisticsFileTest {

    private static final String SLEEPS_OPEN = """
            fb                   sti
            f4                   hlt
            eb fd                jmp    .-1
            """;

    private static final String COUNT_AT_500 = """
            66 ff 06 00 05       incl   0x500
            cf                   iret
            """;

    private final TinyGuest guest = TinyGuest.withoutIrqchip(SLEEPS_OPEN).withHandler(0x41, 0x2000, COUNT_AT_500);
    private final StatisticsFile statistics = guest.vcpu().statistics();

    @AfterEach
    void close() {
        statistics.close();
        guest.close();
    }

    private long injections() {
        return statistics.read().get("irq_injections");
    }

    @Test
    void interruptThatIsTaken_isCounted() {
        Vcpu vcpu = guest.vcpu();
        vcpu.run();
        vcpu.interrupt(0x41);
        vcpu.run();

        assertThat(guest.memory().readInt(0x500)).isEqualTo(1);
        assertThat(injections()).isPositive();
    }

    /**
     * KVM injects, sees the signal, cancels the entry, and injects again at the next: two for one interrupt taken. The
     * signal stays blocked in the test's thread, which is its own.
     */
    @Test
    void interruptWhoseEntryASignalCancels_isCountedTwice() {
        Vcpu vcpu = guest.vcpu();
        KickSignal signal = KickSignal.blockedInThisThread();
        vcpu.setSignalMask(signal.maskThatLetsItThrough());
        vcpu.run();
        vcpu.interrupt(0x41);
        signal.send();

        assertThat(vcpu.run()).isInstanceOf(Exit.Interrupted.class);
        signal.consume();
        assertThat(guest.memory().readInt(0x500)).isZero();
        vcpu.run();

        assertThat(guest.memory().readInt(0x500)).isEqualTo(1);
        // an interrupt of the host may have cancelled another entry
        assertThat(injections()).isGreaterThanOrEqualTo(2);
    }
}
