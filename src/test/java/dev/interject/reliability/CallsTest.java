package dev.interject.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Strace;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * System calls that fail, one after the other, in all commands: the call, the errno and a fix are named in two lines,
 * with the exit code of what the host cannot do; or the call does not matter, and all is as usual.
 */
@RequiresKvm
@Tag("long")
class CallsTest {

    private static final long SEED = Long.getLong("interject.seed", 20_26);
    private static final int HOST_UNABLE = 3;

    /** KVM's files: only calls on these are counted, since the JVM makes the same calls for itself. */
    private static final List<String> ON_KVM = Stream.concat(Stream.of("/dev/kvm", "anon_inode:kvm-vm"),
            Stream.of("0", "1").map(vcpu -> "anon_inode:kvm-vcpu:" + vcpu)).toList();

    /** A call with the errors that its manual page or {@code api.rst} allow. */
    private enum Call {
        IOCTL("ioctl", true, "ENOMEM", "EINVAL", "EIO", "EINTR", "EFAULT", "EBUSY", "EPERM", "ENOSPC"),
        MMAP("mmap", true, "ENOMEM", "EAGAIN", "ENODEV"),
        OPENAT("openat", true, "EACCES", "ENOENT", "EMFILE", "ENFILE", "ENODEV", "EINTR", "EPERM"),
        CLOSE("close", true, "EINTR", "EIO"),
        EVENTFD2("eventfd2", false, "EMFILE", "ENFILE", "ENOMEM", "ENODEV"),
        TGKILL("tgkill", false, "EAGAIN", "EPERM", "ESRCH"),
        RT_SIGTIMEDWAIT("rt_sigtimedwait", false, "EINTR", "EAGAIN", "EINVAL");

        private final String label;
        private final boolean onKvm;
        private final List<String> errors;

        Call(String label, boolean onKvm, String... errors) {
            this.label = label;
            this.onKvm = onKvm;
            this.errors = List.of(errors);
        }
    }

    private static final Pattern LINE = Pattern.compile("^(\\d+) +(\\w+)\\(");

    @TempDir
    private Path directory;
    private final Map<Command, Integer> usual = new HashMap<>();
    private final Map<String, Integer> most = new HashMap<>();

    @BeforeAll
    static void straceMustWork() {
        Strace.requireWorking();
    }

    @Test
    void callsThatFail_areNamedOrDoNotMatter() {
        Figure figure = new Figure("calls");
        for (int number = 0; number < Amount.of(10_000); number++) {
            long seed = SEED + number;
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Command command = Command.ALL.get(random.nextInt(Command.ALL.size()));
            Call call = Call.values()[random.nextInt(4) > 0 ? 0 : random.nextInt(Call.values().length)];
            String error = call.errors.get(random.nextInt(call.errors.size()));
            int calls = most.computeIfAbsent(command.line() + call, _ -> mostCallsOfAThread(command, call));
            if (calls > 0) {
                String which = "%s:error=%s:when=%d".formatted(call.label, error, random.nextInt(calls) + 1);
                figure.attempt("seed %d, %s, %s".formatted(seed, which, command.line()),
                        () -> fault(command, call, error, which));
            }
        }
        figure.close("");
    }

    private Optional<String> fault(Command command, Call call, String error, String which) throws IOException {
        int usually = usual.computeIfAbsent(command, other -> other.run().exitCode());
        ChildProcess.Result result = traced(command, call, "inject=" + which);
        String misbehaviour = Command.misbehaviour(result);
        if (!misbehaviour.isEmpty()) {
            return Optional.of(misbehaviour);
        }
        boolean isNamed = Files.readString(log()).contains("(INJECTED)") && result.err().contains(error);
        boolean isResult = command.isAboutRefusals() && result.out().contains(error);
        return result.exitCode() == usually || isNamed && result.exitCode() == HOST_UNABLE || isResult
                ? Optional.empty()
                : Optional.of("exit code %d, usually %d: %s".formatted(result.exitCode(), usually, result.err()));
    }

    private Path log() {
        return directory.resolve("log");
    }

    private ChildProcess.Result traced(Command command, Call call, String expression) {
        List<String> words = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log().toString()));
        if (call.onKvm) {
            ON_KVM.forEach(file -> Collections.addAll(words, "-P", file));
        }
        Collections.addAll(words, "-e", "trace=" + call.label, "-e", expression);
        words.addAll(command.words());
        return ChildProcess.run(words);
    }

    /** strace counts the calls of each thread for itself. */
    private int mostCallsOfAThread(Command command, Call call) {
        traced(command, call, "signal=none");
        Map<String, Integer> calls = new HashMap<>();
        try (Stream<String> lines = Files.lines(log())) {
            lines.map(LINE::matcher)
                    .filter(Matcher::find)
                    .forEach(found -> calls.merge(found.group(1), 1, Integer::sum));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return calls.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
