package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and its kin. */
@RequiresKvm
class SignalTest {

    /** A shell in the background ignores SIGINT, and its children with it; this test has none there. */
    private static final String IN_THE_FOREGROUND = "exec env --default-signal=INT,TERM \"$@\"";

    private static final Duration AT_MOST = Duration.ofSeconds(40);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INT  | 130 | run --interval 60s
            INT  | 130 | run --interval 60s --irqchip userspace
            INT  | 130 | run --guest deaf --timeout 60s
            INT  | 130 | run --guest spin --timeout 60s
            INT  | 130 | run --guest spin --timeout 60s --irqchip userspace --wait
            INT  | 130 | run --guest busy --count 1000000
            INT  | 130 | run --count 1000000
            INT  | 130 | run --count 1000000 --irqchip userspace
            TERM | 143 | run --interval 60s
            TERM | 143 | run --count 1000000
            """)
    void signal_endsTheRunEarlyWithItsReport(String signal, int exitCode, String line) {
        try (ChildProcess child =
                ChildProcess.start(Interject.commandInShell(IN_THE_FOREGROUND, (line + " --output json").split(" ")))) {
            awaitVcpu(child);

            long before = System.nanoTime();
            ChildProcess.run(List.of("kill", "-" + signal, Long.toString(child.pid())));
            ChildProcess.Result result = child.result();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
            assertThat(took).isLessThan(AT_MOST);
            assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted");
            assertThat(Json.object(Json.parseObject(result.out()), "ledger")).containsEntry("lost", 0L);
            assertThat(result.errLines()).singleElement().asString().startsWith("interject: interrupted");
        }
    }

    /** Waits until it has a vCPU's thread, and then a while for the run to get going. */
    private static void awaitVcpu(ChildProcess child) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (threads(child).noneMatch("vcpu-0"::equals)) {
            assertThat(System.nanoTime()).as("a vCPU's thread appears").isLessThan(deadline);
            pause(10);
        }
        pause(300);
    }

    private static Stream<String> threads(ChildProcess child) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + child.pid() + "/task"))) {
            return tasks.map(SignalTest::name).toList().stream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException gone) {
            return ""; // a thread may end while we look
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
