package dev.interject.cli.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import dev.interject.Hang;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;

/** The program on a terminal of its own, which {@code script(1)} makes. Its files are in a directory of the test's. */
final class TerminalSession implements AutoCloseable {

    private final Path directory;
    private final Process script;
    private final StringBuffer shown = new StringBuffer();
    private final Thread reader = Thread.ofPlatform().daemon().unstarted(this::read);

    /** Starts it; the shell before it notes the terminal, its mode, and the program's process. */
    TerminalSession(Path directory, String... arguments) throws IOException {
        this.directory = directory;
        String program = Interject.command(arguments)
                .stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Path session = Files.writeString(directory.resolve("session"), """
                stty -g > %1$s/before
                tty > %1$s/tty
                sh -c 'echo $$ > %1$s/pid; exec env --default-signal=INT,TERM,HUP,QUIT "$@"' sh %2$s
                echo $? > %1$s/status
                stty -g > %1$s/after
                """.formatted(directory, program));
        this.script = new ProcessBuilder("script", "-qefc", "sh " + session, "/dev/null").redirectErrorStream(true)
                .start();
        reader.start();
    }

    private void read() {
        try {
            InputStream terminal = script.getInputStream();
            int character = terminal.read();
            while (character >= 0) {
                shown.append((char) character);
                character = terminal.read();
            }
        } catch (IOException closed) {
            // the end
        }
    }

    /** What the terminal has shown so far. */
    String shown() {
        return shown.toString();
    }

    /** Waits until the terminal shows a text last. */
    void awaitShown(String end) {
        Hang.orUntil(() -> shown().endsWith(end) || !script.isAlive());
    }

    /** Waits until the terminal passes keys one by one. */
    void awaitRaw() {
        Hang.orUntil(() -> Files.exists(directory.resolve("pid")) && mode().contains("-icanon") || !script.isAlive());
    }

    /** The terminal's mode now, as {@code stty -a} shows it. */
    String mode() {
        return ChildProcess.run(List.of("stty", "-F", noted("tty"), "-a")).out();
    }

    void type(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        script.getOutputStream().flush();
    }

    void send(String signal) {
        ChildProcess.run(List.of("kill", "-" + signal, noted("pid")));
    }

    /** Waits for the end; returns the exit status as the shell has it. */
    int await() throws InterruptedException {
        Hang.orUntil(() -> !script.isAlive());
        reader.join();
        return Integer.parseInt(noted("status"));
    }

    /** Whether the terminal's mode after the program was that before it. */
    boolean isRestored() {
        return noted("after").equals(noted("before"));
    }

    private String noted(String name) {
        try {
            return Files.readString(directory.resolve(name)).strip();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Override
    public void close() {
        script.destroyForcibly();
    }
}
