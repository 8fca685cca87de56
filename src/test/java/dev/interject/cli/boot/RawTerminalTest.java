package dev.interject.cli.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real terminal: it passes keys one by one, and is as before after each end. */
@RequiresKvm
class RawTerminalTest {

    private static final String CTRL_A = "\u0001";

    @TempDir
    private Path directory;

    private TerminalSession boot(String image, String... options) throws IOException {
        return new TerminalSession(directory,
                Stream.concat(Stream.of("boot", Images.file(image).toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void keys_reachTheGuestAsTheyAreTypedAndTheEscapeKeyEndsIt() throws Exception {
        try (TerminalSession terminal = boot("interrupts")) {
            terminal.awaitShown("ticks\r\n");
            assertThat(terminal.mode()).contains("-isig", "-icanon", "-echo ", "-iexten", "-ixon", "-icrnl")
                    .doesNotContain("-opost");
            // also Ctrl-C, Ctrl-Z, Ctrl-\ and Ctrl-Q
            terminal.type("ab\u0003\u001a\u001c\u0011\r" + CTRL_A + CTRL_A + "c");
            terminal.awaitShown("c");
            terminal.type(CTRL_A + "x");

            assertThat(terminal.await()).isZero();
            assertThat(terminal.shown())
                    .isEqualTo("ticks\r\nab\u0003\u001a\u001c\u0011\r" + CTRL_A + "cinterject: left the console\r\n");
            assertThat(terminal.isRestored()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "elf64 | | 33",
        "flood | --until xx | 0",
        "reset | --append t | 4",
        "reset | --append p | 4",
        "spin | --timeout 50ms | 5",
        "elf64 | --append 'an ELF file takes none' | 2",
        "elf64 | --memory 1M | 2"})
    void end_leavesTheTerminalAsItWas(String image, String options, int status) throws Exception {
        String[] words = options == null ? new String[0] : options.replace("'", "").split(" ", 2);
        try (TerminalSession terminal = boot(image, words)) {
            assertThat(terminal.await()).isEqualTo(status);
            assertThat(terminal.isRestored()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void signal_leavesTheTerminalAsItWas(String signal, int status) throws Exception {
        try (TerminalSession terminal = boot("spin")) {
            terminal.awaitRaw();
            terminal.send(signal);

            assertThat(terminal.await()).isEqualTo(status);
            assertThat(terminal.isRestored()).isTrue();
        }
    }

    /** A JVM shows its threads then, and continues. */
    @Test
    void quitSignal_leavesTheGuestRunning() throws Exception {
        try (TerminalSession terminal = boot("spin")) {
            terminal.awaitRaw();
            terminal.send("QUIT");
            Hang.orUntil(() -> terminal.shown().contains("Full thread dump"));
            assertThat(terminal.mode()).contains("-icanon");
            terminal.type(CTRL_A + "x");

            assertThat(terminal.await()).isZero();
            assertThat(terminal.isRestored()).isTrue();
        }
    }

    /** The guest reads no keys, so that the thread that sends them waits. */
    @Test
    void signalAfterMoreKeysThanTheGuestReads_endsIt() throws Exception {
        try (TerminalSession terminal = boot("spin")) {
            terminal.awaitRaw();
            terminal.type("x".repeat(3000));
            terminal.type("x".repeat(3000));
            terminal.send("TERM");

            assertThat(terminal.await()).isEqualTo(143);
            assertThat(terminal.isRestored()).isTrue();
        }
    }
}
