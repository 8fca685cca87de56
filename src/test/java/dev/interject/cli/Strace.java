package dev.interject.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The program under {@code strace}, which makes a chosen call fail. */
public final class Strace {

    private Strace() {}

    /** Skips the test where it is missing, or may not trace. */
    public static void requireWorking() {
        String cannot = "strace is missing, or may not trace (ptrace is forbidden)";
        assumeTrue(ChildProcess.run(List.of("sh", "-c", "strace -o /dev/null true")).exitCode() == 0, cannot);
    }

    /**
     * Runs the program.
     *
     * @param log       where the calls are written
     * @param files     only calls that concern these are traced, and counted
     * @param injection such as {@code ioctl:error=ENOMEM:when=7}; the calls of each thread are counted for themselves
     */
    static ChildProcess.Result run(Path log, List<String> files, String injection, String... arguments) {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
        files.forEach(file -> Collections.addAll(command, "-P", file));
        Collections.addAll(command, "-e", "inject=" + injection);
        command.addAll(Interject.command(arguments));
        return ChildProcess.run(command);
    }
}
