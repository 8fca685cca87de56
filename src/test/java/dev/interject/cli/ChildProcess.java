package dev.interject.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.interject.Hang;

/** A child process whose output goes to files, so it never blocks on a full pipe. */
public final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    /** What is left of a process that has ended. */
    public record Result(int exitCode, String out, String err) {

        public List<String> errLines() {
            return err.lines().toList();
        }
    }

    private ChildProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    public static ChildProcess start(List<String> command) {
        try {
            Path out = Files.createTempFile("interject-", ".out");
            Path err = Files.createTempFile("interject-", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().remove("JDK_JAVA_OPTIONS");
            builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would say on stderr that it has seen it
            return new ChildProcess(builder.start(), out, err);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts it and waits for its end. */
    public static Result run(List<String> command) {
        return run(command, Hang.AFTER);
    }

    /** The same of one that takes longer than most. */
    public static Result run(List<String> command, Duration patience) {
        try (ChildProcess child = start(command)) {
            return child.result(patience);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for its end. */
    public Result result() {
        return result(Hang.AFTER);
    }

    private Result result(Duration patience) {
        try {
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process does not end; it has said: " + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
