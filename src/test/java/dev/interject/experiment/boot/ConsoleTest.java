package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.device.pc.Serial16550;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static int matches(String text, String shown) {
        TextMatcher matcher = new TextMatcher(text);
        return (int) shown.chars().filter(matcher::accept).count();
    }

    @ParameterizedTest
    @CsvSource({"login:, a login: b login:, 2", "aab, aaaab, 1", "abab, ababab, 2", "aa, aaa, 2", "x, y, 0",
        "abcabd, abcabcabd, 1"})
    void matcher_findsEachPlace(String text, String shown, int times) {
        assertThat(matches(text, shown)).isEqualTo(times);
    }

    @Test
    void output_isWrittenInOrderAndTheTextIsFound() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        AtomicInteger shown = new AtomicInteger();
        ConsoleOutput output = new ConsoleOutput(stream, Optional.of("lo"), shown::incrementAndGet, failed -> {});
        output.start();
        "hello".chars().forEach(output);
        output.close(PATIENCE);

        assertThat(stream).hasToString("hello");
        assertThat(shown).hasValue(1);
    }

    @Test
    void outputThatIsNotRead_stopsTheGuestAtItsCapacityUntilItEnds() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger accepted = new AtomicInteger();
        ConsoleOutput output = new ConsoleOutput(new OutputStream() {
            @Override
            public void write(int character) {
                throw new AssertionError("written in chunks");
            }

            @Override
            public void write(byte[] chunk, int offset, int length) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
        }, Optional.empty(), () -> {}, failed -> {});
        output.start();
        Thread guest = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 4 * ConsoleOutput.CAPACITY; i++) {
                output.accept('x');
                accepted.incrementAndGet();
            }
        });
        while (guest.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        assertThat(accepted.get()).isBetween(ConsoleOutput.CAPACITY, 2 * ConsoleOutput.CAPACITY);
        output.stop();
        guest.join();
        never.countDown();

        assertThat(accepted).hasValue(4 * ConsoleOutput.CAPACITY);
    }

    @Test
    void outputThatCannotBeWritten_isReportedOnce() throws Exception {
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        ConsoleOutput output = new ConsoleOutput(new OutputStream() {
            @Override
            public void write(int character) throws IOException {
                throw new IOException("broken pipe");
            }
        }, Optional.empty(), () -> {}, failure::complete);
        output.start();
        output.accept('x');

        assertThat(failure.get()).hasMessage("broken pipe");
        output.accept('y'); // does not wait
    }

    /** What reaches the serial port, read back in loopback-free form. */
    private static String typed(String keys, boolean escape, Runnable left) throws InterruptedException {
        StringBuilder received = new StringBuilder();
        Serial16550 serial = new Serial16550(sent -> {}, high -> {});
        ConsoleInput input = new ConsoleInput(new ByteArrayInputStream(keys.getBytes()), escape, serial, left);
        input.start().join();
        while ((serial.read(Serial16550.COM1 + 5, 1) & 1) != 0) {
            received.append((char) serial.read(Serial16550.COM1, 1));
        }
        return received.toString();
    }

    @Test
    void keys_reachTheSerialPort() throws InterruptedException {
        assertThat(typed("ab\u0001x\r", false, () -> {})).isEqualTo("ab\u0001x\r");
    }

    @Test
    void escape_leavesOrSendsItself() throws InterruptedException {
        AtomicInteger left = new AtomicInteger();

        assertThat(typed("a\u0001xb", true, left::incrementAndGet)).isEqualTo("ab");
        assertThat(left).hasValue(1);
        assertThat(typed("a\u0001\u0001xb", true, left::incrementAndGet)).isEqualTo("a\u0001xb");
        assertThat(left).hasValue(1);
    }
}
