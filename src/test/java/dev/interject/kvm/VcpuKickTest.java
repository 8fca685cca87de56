package dev.interject.kvm;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.interject.RequiresKvm;
import dev.interject.linux.KickSignal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** How another thread makes a vCPU exit. */
@RequiresKvm
class VcpuKickTest {

    /** Thousands of times longer than a kick takes. */
    private static final long SOON = 120;

    private static final String COUNTS = """
            66 ff 06 00 05       incl   0x500
            eb f9                jmp    .-5
            """;

    private static final String SLEEPS = """
            66 ff 06 00 05       incl   0x500
            f4                   hlt
            eb fd                jmp    .-1
            """;

    private final ExecutorService vcpuThread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private KickSignal signal;
    private TinyGuest guest;

    @BeforeEach
    void makeSignal() throws Exception {
        signal = vcpuThread.submit(KickSignal::blockedInThisThread).get(SOON, SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        // if a test failed, the guest may still run; and a signal pending when its thread ends would end the process
        guest.vcpu().setImmediateExit(true);
        signal.send();
        vcpuThread.submit(signal::consume).get(SOON, SECONDS);
        vcpuThread.close();
        guest.close();
    }

    private Future<Exit> start(TinyGuest booted) throws Exception {
        guest = booted;
        Future<Exit> exit = vcpuThread.submit(() -> {
            guest.vcpu().setSignalMask(signal.maskThatLetsItThrough());
            return guest.vcpu().run();
        });
        awaitCountOtherThan(0);
        return exit;
    }

    private Future<Exit> runOn() throws Exception {
        int counted = guest.memory().readCounter(0x500);
        Future<Exit> exit = vcpuThread.submit(() -> guest.vcpu().run());
        awaitCountOtherThan(counted);
        return exit;
    }

    private void awaitCountOtherThan(int counted) throws InterruptedException {
        while (guest.memory().readCounter(0x500) == counted) {
            Thread.sleep(0, 100_000);
        }
    }

    @Test
    void spinningGuest_exitsOnTheSignal() throws Exception {
        Future<Exit> exit = start(TinyGuest.withoutIrqchip(COUNTS));

        signal.send();

        assertThat(exit.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
        assertThat(vcpuThread.submit(signal::consume).get(SOON, SECONDS)).isTrue();
    }

    @Test
    void guestHaltedInTheKernel_exitsOnTheSignal() throws Exception {
        Future<Exit> exit = start(TinyGuest.withIrqchip(SLEEPS));

        signal.send();

        assertThat(exit.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
    }

    @Test
    void immediateExitAlone_doesNotStopARunningGuest() throws Exception {
        Future<Exit> exit = start(TinyGuest.withIrqchip(SLEEPS));

        guest.vcpu().setImmediateExit(true);
        Thread.sleep(50);
        boolean outWithoutSignal = exit.isDone();
        signal.send();

        assertThat(exit.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
        assertThat(outWithoutSignal).isFalse();
    }

    @Test
    void signalLeftPending_endsEveryRunUntilItIsConsumed() throws Exception {
        Future<Exit> first = start(TinyGuest.withoutIrqchip(COUNTS));
        signal.send();
        first.get(SOON, SECONDS);

        Future<Exit> second = vcpuThread.submit(() -> guest.vcpu().run());
        assertThat(second.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);

        assertThat(vcpuThread.submit(signal::consume).get(SOON, SECONDS)).isTrue();
        Future<Exit> third = runOn();
        signal.send();
        assertThat(third.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
    }

    @RepeatedTest(20)
    void tenKicks_eachEndsOneRun() throws Exception {
        Future<Exit> exit = start(TinyGuest.withoutIrqchip(COUNTS));
        for (int kick = 0; kick < 10; kick++) {
            signal.send();
            assertThat(exit.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
            assertThat(vcpuThread.submit(signal::consume).get(SOON, SECONDS)).isTrue();
            assertThat(vcpuThread.submit(signal::consume).get(SOON, SECONDS)).isFalse();
            exit = runOn();
        }

        signal.send();
        assertThat(exit.get(SOON, SECONDS)).isInstanceOf(Exit.Interrupted.class);
    }
}
