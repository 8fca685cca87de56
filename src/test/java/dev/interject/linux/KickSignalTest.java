package dev.interject.linux;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KickSignalTest {

    private final ExecutorService receiver = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory());
    private long maskBefore;
    private KickSignal signal;

    @BeforeEach
    void block() {
        maskBefore = onReceiver(KickSignalTest::blockedSignals);
        signal = onReceiver(KickSignal::blockedInThisThread);
    }

    @AfterEach
    void leaveNothingPending() {
        // a signal still pending when its thread ends would end the process
        onReceiver(signal::consume);
        receiver.close();
    }

    private <T> T onReceiver(Callable<T> task) {
        try {
            return receiver.submit(task).get(300, SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static long blockedSignals() throws IOException {
        return signals("SigBlk:");
    }

    private static long pendingSignals() throws IOException {
        return signals("SigPnd:");
    }

    private static long signals(String set) throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status"))
                .stream()
                .filter(line -> line.startsWith(set))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(set.length()).strip(), 16))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void created_blocksOneMoreRealTimeSignal() {
        long added = onReceiver(KickSignalTest::blockedSignals) ^ maskBefore;

        assertThat(Long.bitCount(added)).isEqualTo(1);
        assertThat(Long.numberOfTrailingZeros(added) + 1).isBetween(32, 64);
    }

    @Test
    void maskThatUnblocksIt_isOtherwiseTheThreads() {
        assertThat(signal.maskThatLetsItThrough()).isEqualTo(maskBefore);
    }

    @Test
    void createdTwiceOnAThread_stillUnblocksItInTheMask() {
        KickSignal second = onReceiver(KickSignal::blockedInThisThread);

        assertThat(second.maskThatLetsItThrough()).isEqualTo(maskBefore);
    }

    @Test
    void nothingSent_isNothingToConsume() {
        assertThat(onReceiver(signal::consume)).isFalse();
    }

    @Test
    void sent_staysPendingUntilItIsConsumed() {
        signal.send();

        assertThat(onReceiver(KickSignalTest::pendingSignals)).isNotZero();
        assertThat(onReceiver(signal::consume)).isTrue();
        assertThat(onReceiver(KickSignalTest::pendingSignals)).isZero();
        assertThat(onReceiver(signal::consume)).isFalse();
    }

    @Test
    void sentTwice_isConsumedAtOnce() {
        signal.send();
        signal.send();

        assertThat(onReceiver(signal::consume)).isTrue();
        assertThat(onReceiver(KickSignalTest::pendingSignals)).isZero();
        assertThat(onReceiver(signal::consume)).isFalse();
    }

    @Test
    void sent_reachesItsThreadAlone() throws IOException {
        signal.send();

        assertThat(pendingSignals()).isZero();
        assertThat(onReceiver(signal::consume)).isTrue();
    }

    @Test
    void sentToAThreadThatHasEnded_isAnErrorOfTgkill() throws Exception {
        KickSignal[] made = new KickSignal[1];
        Path[] inKernel = new Path[1];
        Thread shortLived = Thread.ofPlatform().start(() -> {
            made[0] = KickSignal.blockedInThisThread();
            inKernel[0] = threadInKernel();
        });
        shortLived.join();
        awaitEndOf(inKernel[0]);

        assertThatExceptionOfType(SystemCallException.class).isThrownBy(made[0]::send)
                .withMessage("tgkill: ESRCH (No such process)");
    }

    private static Path threadInKernel() {
        try {
            return Path.of("/proc/thread-self").toRealPath();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** join() returns before the kernel has removed the thread; until then a signal would end the process. */
    private static void awaitEndOf(Path thread) throws InterruptedException {
        while (Files.exists(thread)) {
            Thread.sleep(1);
        }
    }
}
