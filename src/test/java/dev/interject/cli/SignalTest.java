package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and other signals that end a run. How soon they end a run is what {@code scripts/signal-cost} measures. */
@RequiresKvm
class SignalTest {

    /** A background shell and its children ignore SIGINT; this test does not run in one. */
    private static final String IN_THE_FOREGROUND = "exec env --default-signal=INT,TERM \"$@\"";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INT  | 130 | run --interval 60m
            INT  | 130 | run --interval 60m --irqchip userspace
            INT  | 130 | run --guest deaf --timeout 60m
            INT  | 130 | run --guest spin --timeout 60m
            INT  | 130 | run --guest spin --timeout 60m --irqchip userspace --wait
            INT  | 130 | run --guest busy --count 1000000
            INT  | 130 | run --count 1000000
            INT  | 130 | run --count 1000000 --irqchip userspace
            TERM | 143 | run --interval 60m
            TERM | 143 | run --count 1000000
            """)
    void signal_endsTheRunEarlyWithItsReport(String signal, int exitCode, String line) {
        try (ChildProcess child =
                ChildProcess.start(Interject.commandInShell(IN_THE_FOREGROUND, (line + " --output json").split(" ")))) {
            awaitVcpu(child);

            ChildProcess.run(List.of("kill", "-" + signal, Long.toString(child.pid())));
            ChildProcess.Result result = child.result();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
            assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted");
            assertThat(Json.object(Json.parseObject(result.out()), "ledger")).containsEntry("lost", 0L);
            assertThat(result.errLines()).singleElement().asString().startsWith("interject: interrupted");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INT  | 130 | sleeps --irq 5 --at idle
            INT  | 130 | sleeps --irq 4 --count 1000000
            INT  | 130 | spin --irq 4
            TERM | 143 | flood --irq 4 --at _start
            """)
    void signal_endsTheRunOfAnImageWithItsReport(String signal, int exitCode, String line) {
        String[] words = line.split(" ", 2);
        signal_endsTheRunEarlyWithItsReport(signal, exitCode,
                "run --image %s %s --timeout 60m".formatted(Images.file(words[0]), words[1]));
    }

    @Test
    void signal_endsTheWaitForAnImagesMoment() {
        try (ChildProcess child = ChildProcess.start(Interject.commandInShell(IN_THE_FOREGROUND, "explain", "--image",
                Images.file("spin").toString(), "--irq", "4", "--timeout", "60m"))) {
            awaitVcpu(child);

            ChildProcess.run(List.of("kill", "-INT", Long.toString(child.pid())));
            ChildProcess.Result result = child.result();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
            assertThat(result.out()).isEmpty();
            assertThat(result.errLines()).containsExactly("interject: interrupted by the user");
        }
    }

    /** Its output is read only after the signal, so the report is being written meanwhile. */
    @Test
    void signalWhileTheReportIsWritten_doesNotCutIt(@TempDir Path directory) throws IOException {
        String script = """
                at=%s
                mkfifo $at/pipe
                { exec 3< $at/pipe; until [ -e $at/signalled ]; do sleep 0.1; done; sleep 1; cat <&3 > $at/out; } &
                exec env --default-signal=INT,TERM "$@" > $at/pipe""".formatted(directory);
        try (ChildProcess child = ChildProcess.start(
                Interject.commandInShell(script, "run", "--count", "20000", "--output", "json"))) {
            Hang.orUntil(() -> threads(child).anyMatch("vcpu-0"::equals));
            Hang.orUntil(() -> threads(child).noneMatch("vcpu-0"::equals));
            ChildProcess.run(List.of("kill", "-TERM", Long.toString(child.pid())));
            Files.createFile(directory.resolve("signalled"));
            ChildProcess.Result result = child.result();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(143);
            Hang.orUntil(() -> isWhole(directory.resolve("out")));
        }
    }

    private static boolean isWhole(Path report) {
        try {
            return Files.exists(report) && Files.readString(report).endsWith("}\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void signalWhileTheReportIsNotRead_endsTheProcess(@TempDir Path directory) {
        String script = """
                mkfifo %1$s/pipe
                exec 3<> %1$s/pipe
                exec env --default-signal=INT,TERM "$@" > %1$s/pipe""".formatted(directory);
        try (ChildProcess child =
                ChildProcess.start(Interject.commandInShell(script, "run", "--count", "20000", "--output", "json"))) {
            Hang.orUntil(() -> threads(child).anyMatch("vcpu-0"::equals));
            Hang.orUntil(() -> threads(child).noneMatch("vcpu-0"::equals));
            ChildProcess.run(List.of("kill", "-TERM", Long.toString(child.pid())));

            assertThat(child.result().exitCode()).isEqualTo(143);
        }
    }

    /** Waits until it has a vCPU's thread, and then a while for the run to get going. */
    static void awaitVcpu(ChildProcess child) {
        Hang.orUntil(() -> threads(child).anyMatch("vcpu-0"::equals));
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
