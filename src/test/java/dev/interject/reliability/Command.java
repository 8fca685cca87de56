package dev.interject.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.guest.image.Images;

/** A command line of Interject that ends by itself within seconds. */
record Command(String line) {

    /** One of each command that runs guests. */
    static final List<Command> ALL = List.of(
            new Command("run --count 20"),
            new Command("run --count 20 --irqchip userspace --path vector"),
            new Command("run --count 20 --irqchip split --path msi-irqfd --guest apic"),
            new Command("run --count 5 --guest pit"),
            new Command("run --image " + Images.file("sleeps") + " --irq 4 --count 2"),
            new Command("explain --guest deaf"),
            new Command("explain --image " + Images.file("sleeps") + " --irq 4"),
            new Command("sweep --count 5"),
            new Command("trace --count 2"),
            new Command("compare --count 2"),
            new Command("doctor"),
            new Command("bench --irqchip kernel --path line --measure latency --count 5 --rounds 1"),
            new Command("boot --image " + Images.file("elf64")),
            new Command("restore --irqchip kernel --situation line-edge"));

    /** Traces of the program, of the JVM and of a crash. */
    private static final Pattern INTERNAL =
            Pattern.compile("Exception|\\tat |AssertionError|internal error|SIGSEGV|hs_err|A fatal error");
    private static final int MOST_LINES = 2;
    /** Interject's own, and the JVM's when a signal of the CPU ends it. */
    private static final Set<Integer> INTERNAL_ERROR = Set.of(70, 134, 139);

    /** The words of a process. */
    List<String> words() {
        return Interject.command(Interject.words(line));
    }

    /** The same of one whose signals have their usual effect, whatever this process ignores. */
    List<String> wordsWithSignals() {
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT,TERM"));
        words.addAll(words());
        return words;
    }

    /** Whether it reports as a result that KVM refuses a piece of a guest's state. */
    boolean isAboutRefusals() {
        return line.startsWith("restore");
    }

    ChildProcess.Result run() {
        return ChildProcess.run(words());
    }

    /** What no command may do, whatever happens; empty if it did not. */
    static String misbehaviour(ChildProcess.Result result) {
        return INTERNAL_ERROR.contains(result.exitCode()) || INTERNAL.matcher(result.err() + result.out()).find()
                ? "exit code %d: %s".formatted(result.exitCode(), result.err())
                : result.errLines().size() > MOST_LINES ? "many lines: " + result.err() : "";
    }
}
