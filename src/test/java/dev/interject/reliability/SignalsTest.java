package dev.interject.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signals at random instants of all commands: each ends with the right exit code, and leaves nothing. */
@RequiresKvm
@Tag("long")
class SignalsTest {

    private static final long SEED = Long.getLong("interject.seed", 20_26);
    private static final long LATEST_MILLIS = 1_500;
    private static final Duration IN_TIME = Duration.ofSeconds(1);
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    /** With the exit code of what ends by them; 0 for those that end nothing. */
    private enum Signal {
        INT(130),
        TERM(143),
        HUP(129),
        QUIT(0),
        STOP(0);

        private final int exitCode;

        Signal(int exitCode) {
            this.exitCode = exitCode;
        }
    }

    private final Map<Command, Integer> usual = new HashMap<>();
    private Duration longest = Duration.ZERO;

    @Test
    void signalsAtRandomInstants_endWithTheRightCodeAndLeaveNothing() throws IOException {
        Figure figure = new Figure("signals");
        List<String> before = left();
        for (int number = 0; number < Amount.of(1_000); number++) {
            long seed = SEED + number;
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Command command = Command.ALL.get(random.nextInt(Command.ALL.size()));
            Signal signal = Signal.values()[random.nextInt(Signal.values().length)];
            figure.attempt("seed %d, %s, %s".formatted(seed, signal, command.line()),
                    () -> trial(command, signal, random.nextLong(LATEST_MILLIS)));
        }
        left().stream().filter(file -> !before.contains(file)).forEach(file -> figure.bad("left: " + file));
        figure.close("longest end %d ms".formatted(longest.toMillis()));
    }

    private Optional<String> trial(Command command, Signal signal, long millis) throws InterruptedException {
        int usually = usual.computeIfAbsent(command, other -> other.run().exitCode());
        try (ChildProcess child = ChildProcess.start(command.wordsWithSignals())) {
            Thread.sleep(millis);
            send(signal.name(), child);
            if (signal == Signal.STOP) {
                Thread.sleep(200);
                send("CONT", child);
            }
            long sent = System.nanoTime();
            ChildProcess.Result result = child.result();
            Duration took = Duration.ofNanos(System.nanoTime() - sent);
            boolean isEnded = signal.exitCode != 0 && result.exitCode() == signal.exitCode;
            longest = isEnded && took.compareTo(longest) > 0 ? took : longest;
            return fault(result, usually, isEnded, signal == Signal.QUIT)
                    .or(() -> Amount.isFull() && isEnded && took.compareTo(IN_TIME) > 0
                            ? Optional.of("ends after " + took)
                            : Optional.empty());
        }
    }

    private static void send(String signal, ChildProcess child) {
        ChildProcess.run(List.of("kill", "-" + signal, Long.toString(child.pid()))); // it may have ended
    }

    /** @param isDump whether the JVM's dump of its threads, with their calls, is expected */
    private static Optional<String> fault(ChildProcess.Result result, int usually, boolean isEnded, boolean isDump) {
        if (!isEnded && result.exitCode() != usually) {
            return Optional.of("exit code %d: %s".formatted(result.exitCode(), result.err()));
        }
        String misbehaviour = isDump ? "" : Command.misbehaviour(result);
        return misbehaviour.isEmpty() ? Optional.empty() : Optional.of(misbehaviour);
    }

    /** What Interject may leave in the directory for temporary files. */
    private static List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("interject") || name.startsWith("hs_err"))
                    .filter(name -> !name.matches("interject-[0-9]+\\.(out|err)")) // of tests beside this one
                    .toList();
        }
    }
}
