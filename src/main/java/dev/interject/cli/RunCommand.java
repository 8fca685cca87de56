package dev.interject.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Pace;
import dev.interject.experiment.RunExperiment;
import dev.interject.experiment.RunPlan;
import dev.interject.experiment.RunReport;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code interject run}. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Boots a guest, checks the way, injects, and accounts for every interrupt.",
            "Without options: in-kernel irqchip, a free line, five pulses."},
        footer = {"", "Examples:", "  interject run",
            "  interject run --irqchip userspace --irq 11 --count 1000",
            "  interject run --irqchip userspace --path vector --vector 0x41",
            "  interject run --irqchip split --path line",
            "  interject run --vcpus 2 --to 1 --path ipi",
            "  interject run --guest slow --burst 10 --count 100",
            "  interject run --guest deaf --timeout 2s --output json"})
final class RunCommand implements Callable<Integer> {

    private static final int MOST_INTERRUPTS = 10_000_000;
    private static final int LAST_VECTOR = 255;
    private static final int HIGHEST_RATE = 10_000_000;
    private static final int MOST_THREADS = 64;
    /** Neither the watchdog nor Ctrl-C comes into a burst; so many take less than a second. */
    private static final int LARGEST_BURST = 100_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--guest", paramLabel = "NAME", converter = GuestConverter.class,
            description = "the guest to boot (default: one that suits the path); see: interject guests")
    private BuiltinGuest guest;

    @Option(names = "--irqchip", paramLabel = "WHERE", defaultValue = "kernel", converter = IrqchipConverter.class,
            description = "where the interrupt controllers live: kernel (the modern way, default),"
                    + " split (only the LAPIC in the kernel) or userspace (the legacy way)")
    private Irqchip irqchip;

    @Option(names = "--path", paramLabel = "PATH", converter = PathConverter.class,
            description = "how an interrupt comes in: line, irqfd, msi, msi-route, msi-irqfd, vector, nmi, ipi, pit or"
                    + " lapic-timer; default: what suits irqchip and guest")
    private Path path;

    @Option(names = "--irq", paramLabel = "N[,N...]|auto", defaultValue = "auto",
            description = "the line to pull, or several in turn; auto (default) picks a free one of 9, 10, 11")
    private String irq;

    @Option(names = "--vector", paramLabel = "N", converter = NumberConverter.class,
            description = "inject this vector by number, without an 8259 (0x20 to 0xff); with a message, its vector")
    private Integer vector;

    @Option(names = "--address", paramLabel = "ADDRESS", converter = NumberConverter.class,
            description = "where a message goes (default: the LAPIC of the vCPU meant, 0xfee00000 for vCPU 0)")
    private Integer address;

    @Option(names = "--trigger", paramLabel = "HOW", defaultValue = "edge",
            description = "edge (default) or level: the line is held until the handler has spoken")
    private Trigger trigger;

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1", converter = NumberConverter.class,
            description = "how many vCPUs the guest has (default: 1)")
    private int vcpus;

    @Option(names = "--to", paramLabel = "VCPU", converter = NumberConverter.class,
            description = "the vCPU that is meant (default: 0, or the one that --address names)")
    private Integer to;

    @Option(names = "--count", paramLabel = "N", defaultValue = "5", converter = NumberConverter.class,
            description = "how many interrupts (default: 5)")
    private int count;

    @Option(names = "--interval", paramLabel = "TIME", defaultValue = "0", converter = DurationConverter.class,
            description = "pause between two interrupts, such as 10ms (default: none); a timer's period")
    private Duration interval;

    @Option(names = "--burst", paramLabel = "N", defaultValue = "1", converter = NumberConverter.class,
            description = "how many are handed over at once, faster than the guest takes them (default: 1)")
    private int burst;

    @Option(names = "--rate", paramLabel = "HZ", converter = NumberConverter.class,
            description = "how many a second, whether the guest has taken the ones before or not"
                    + " (default: the next when they are taken)")
    private Integer rate;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", converter = NumberConverter.class,
            description = "how many threads hand a burst over together (default: 1)")
    private int threads;

    @Option(names = "--hold", paramLabel = "N", defaultValue = "1", converter = NumberConverter.class,
            description = "how often the handler must run before the device behind a level line lets go (default: 1)")
    private int hold;

    @Option(names = "--timeout", paramLabel = "TIME", converter = DurationConverter.class,
            description = "when the watchdog ends the whole run, such as 2s"
                    + " (default: 10s, and 5ms and the interval for each interrupt)")
    private Duration timeout;

    @Option(names = "--force", description = "inject even where the guest would break, and report what happens")
    private boolean force;

    @Option(names = "--wait", description = "wait for a closed guest (IF=0) to open instead of refusing")
    private boolean await;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose", description = "show every interrupt, and stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        RunPlan plan = plan();
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            RunReport report = run(plan, cancellation);
            show(report);
            report.reason()
                    .ifPresent(reason -> System.err.println("interject: " + headline(report.outcome()) + reason));
            return report.outcome().exitCode();
        }
    }

    private RunReport run(RunPlan plan, Cancellation cancellation) {
        try (ProgressLine progress = ProgressLine.onTerminal()) {
            return RunExperiment.run(plan, cancellation, progress);
        } catch (SystemCallException | UnsupportedKvmException unable) {
            if (output != OutputFormat.TEXT) {
                show(RunReport.hostUnable(plan, Complaint.of(unable).oneLine()));
            }
            throw unable;
        }
    }

    private void show(RunReport report) {
        switch (output) {
            case TEXT -> StandardOutput.write(new RunText(Style.ofStandardOutput(), verbose).render(report));
            case JSON -> StandardOutput.write(out -> RunJson.write(report, out));
            case JUNIT -> StandardOutput.write(out -> RunJunit.write(report, out));
        }
    }

    private static String headline(Outcome outcome) {
        return outcome == Outcome.REFUSED ? "refused: " : "";
    }

    private RunPlan plan() {
        List<Integer> lines = lines();
        require(count >= 1 && count <= MOST_INTERRUPTS, "--count takes 1 to " + MOST_INTERRUPTS + ", not " + count);
        require(timeout == null || timeout.isPositive(), "--timeout takes a time above 0");
        require(vcpus >= 1, "--vcpus takes 1 or more, not " + vcpus);
        require(to == null || to >= 0, "--to takes a vCPU's number, from 0, not " + to);
        boolean message = path == null ? address != null : path.isMessage();
        if (vector != null) {
            require(vector >= 0 && vector <= LAST_VECTOR, "--vector takes 0x20 to 0xff, not " + vector);
            require(lines.isEmpty(), "--vector and --irq exclude each other: a vector given by number has no line");
            require(path == null || path == Path.VECTOR || path.isMessage() || path == Path.IPI,
                    "--path " + path + " takes no --vector");
            require(trigger == Trigger.EDGE, "--trigger level takes --irq, not --vector: only a line has a level");
        }
        boolean line = path == null ? !message : path.pullsKernelLine() || path == Path.VECTOR;
        require(address == null || message, "--address goes with --path msi, msi-route or msi-irqfd");
        require(trigger == Trigger.EDGE || line, "--trigger level takes a line");
        require(lines.isEmpty() || line, "--irq goes with a path that has a line");
        return RunPlan.on(irqchip)
                .guest(guest)
                .path(path)
                .lines(lines)
                .vector(optional(vector))
                .address(optional(address))
                .trigger(trigger)
                .vcpus(vcpus)
                .to(optional(to))
                .pace(pace())
                .timeout(Optional.ofNullable(timeout))
                .force(force)
                .await(await)
                .build();
    }

    private Pace pace() {
        require(burst >= 1 && burst <= Math.min(count, LARGEST_BURST),
                "--burst takes 1 to " + Math.min(count, LARGEST_BURST) + ", not " + burst);
        require(rate == null || rate >= 1 && rate <= HIGHEST_RATE,
                "--rate takes 1 to " + HIGHEST_RATE + " a second, not " + rate);
        require(threads >= 1 && threads <= MOST_THREADS, "--threads takes 1 to " + MOST_THREADS + ", not " + threads);
        require(threads <= burst, "--threads divides a burst among threads: --burst must be " + threads + " or more");
        require(hold >= 1 && hold <= count, "--hold takes 1 to --count, which is " + count + ", not " + hold);
        Pace pace = new Pace(count, interval, burst, optional(rate), threads, hold);
        require(!pace.isStorm() || interval.isZero(), "--interval goes with neither --burst nor --rate");
        return pace;
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private List<Integer> lines() {
        if (irq.equals("auto")) {
            return List.of();
        }
        return Arrays.stream(irq.split(",", -1)).map(this::line).toList();
    }

    private int line(String number) {
        try {
            int line = new NumberConverter().convert(number);
            require(line >= 0, "--irq takes a line number or auto, not '" + irq + "'");
            return line;
        } catch (TypeConversionException notANumber) {
            throw new ParameterException(spec.commandLine(),
                    "--irq takes a line number or auto, not '" + irq + "'", notANumber);
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
