package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.interject.Hang;
import dev.interject.device.pc.Serial16550;
import dev.interject.experiment.Deadline;
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

    private static ConsoleBuffer buffer() {
        return new ConsoleBuffer(Optional.empty(), () -> {});
    }

    private static void show(ConsoleBuffer buffer, String text) {
        text.chars().forEach(buffer);
    }

    private static PcConsole console(ConsoleBuffer buffer) {
        return new PcConsole(buffer, new Serial16550(sent -> {}, high -> {}), new BootMonitor(() -> {}));
    }

    private static ConsoleCopy copy(ConsoleBuffer buffer, OutputStream target, Consumer<IOException> failed) {
        ConsoleCopy copy = new ConsoleCopy(console(buffer).output(), target, failed);
        copy.start();
        return copy;
    }

    @Test
    void output_isWrittenInOrderAndTheTextIsFound() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        AtomicInteger shown = new AtomicInteger();
        ConsoleBuffer buffer = new ConsoleBuffer(Optional.of("lo"), shown::incrementAndGet);
        ConsoleCopy copy = copy(buffer, stream, failed -> {});
        show(buffer, "hello");
        buffer.end();
        copy.await(PATIENCE);

        assertThat(stream).hasToString("hello");
        assertThat(shown).hasValue(1);
    }

    @Test
    void outputThatIsNotRead_stopsTheGuestAtItsCapacityUntilItEnds() throws InterruptedException {
        AtomicInteger accepted = new AtomicInteger();
        ConsoleBuffer buffer = buffer();
        Thread guest = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 4 * ConsoleBuffer.CAPACITY; i++) {
                buffer.accept('x');
                accepted.incrementAndGet();
            }
        });
        Hang.orUntil(() -> guest.getState() == Thread.State.WAITING);
        assertThat(accepted).hasValue(ConsoleBuffer.CAPACITY);
        buffer.end();
        guest.join();

        assertThat(accepted).hasValue(4 * ConsoleBuffer.CAPACITY);
        assertThat(buffer.available()).isEqualTo(ConsoleBuffer.CAPACITY);
    }

    @Test
    void outputThatIsDropped_keepsTheLatest() throws IOException {
        ConsoleBuffer buffer = buffer();
        PcConsole console = console(buffer);
        console.discard();
        show(buffer, "a".repeat(10) + "b".repeat(ConsoleBuffer.CAPACITY - 1) + "c");
        buffer.end();

        assertThat(new String(console.output().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("b".repeat(ConsoleBuffer.CAPACITY - 1) + "c");
    }

    @Test
    void outputThatCannotBeWritten_isReportedOnce() throws Exception {
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        ConsoleBuffer buffer = buffer();
        copy(buffer, new OutputStream() {
            @Override
            public void write(int character) throws IOException {
                throw new IOException("broken pipe");
            }
        }, failure::complete);
        show(buffer, "x");

        assertThat(failure.get()).hasMessage("broken pipe");
    }

    private static Optional<String> readTo(ConsoleBuffer buffer, String text) throws InterruptedException {
        return buffer.readTo(text, Deadline.after(Duration.ZERO));
    }

    @Test
    void textThatIsAwaited_isReadUpToItsEnd() throws InterruptedException {
        ConsoleBuffer buffer = buffer();
        show(buffer, "> one> two");

        assertThat(readTo(buffer, "> ")).contains("> ");
        assertThat(readTo(buffer, "> ")).contains("one> ");
        assertThat(readTo(buffer, "> ")).isEmpty();
        assertThat(readTo(buffer, "two")).contains("two");
        assertThat(readTo(buffer, "two")).isEmpty();
    }

    @Test
    void textAfterMoreThanTheCapacity_isFoundWithTheLast() throws InterruptedException {
        ConsoleBuffer buffer = buffer();
        Thread guest = Thread.ofPlatform()
                .start(() -> show(buffer, "x".repeat(5 * ConsoleBuffer.CAPACITY) + "ready"));

        assertThat(buffer.readTo("ready", Deadline.after(PATIENCE)).orElseThrow())
                .hasSizeBetween(ConsoleBuffer.CAPACITY / 2 - 5, ConsoleBuffer.CAPACITY)
                .matches("x*ready");
        guest.join();
    }

    @Test
    void textThatDoesNotCome_isNamedWithTheLastLine() {
        ConsoleBuffer buffer = buffer();
        show(buffer, "one\r\nlogin: \u001b[0m");

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> console(buffer).await("$", Duration.ofMillis(1)))
                .withMessage("the console did not show '$' within 1 ms; its last line is 'login: [0m'");
    }

    /** What reaches the serial port, read back in loopback-free form. */
    private static String typed(String keys, boolean escape, Runnable left) throws InterruptedException {
        StringBuilder received = new StringBuilder();
        Serial16550 serial = new Serial16550(sent -> {}, high -> {});
        PcConsole console = new PcConsole(buffer(), serial, new BootMonitor(() -> {}));
        ConsoleInput input = new ConsoleInput(new ByteArrayInputStream(keys.getBytes()), escape, console.input(), left);
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
