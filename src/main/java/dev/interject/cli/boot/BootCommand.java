package dev.interject.cli.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

import dev.interject.cli.command.BaseCommand;
import dev.interject.cli.command.Shutdown;
import dev.interject.cli.option.FileNameConverter;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFailure;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.boot.BootConsole;
import dev.interject.experiment.boot.BootEnd;
import dev.interject.experiment.boot.BootExperiment;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.boot.BootReport;
import dev.interject.linux.RawTerminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject boot}. */
@Command(name = "boot",
        description = {
            "Boots an image of yours on a small PC, connects its serial console, and says how it ended.",
            "The PC has a serial port (COM1, line 4), a debug console (port 0xe9), an exit port (0xf4), a clock, a"
                    + " timer, and ACPI tables. On a terminal, Ctrl-A x ends the guest."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the console showed the text of --until, or Ctrl-A x",
            "2:usage error, or the image cannot be booted", "3:host unsupported, or a call of the host failed",
            "4:the guest crashed or reset its machine", "5:ended by --timeout",
            "2v+1:the guest wrote v to its exit port"},
        footer = {"", "Examples:", "  interject boot kernel.elf --timeout 10s",
            "  interject boot bzImage --initrd initrd --append console=ttyS0 --until login:"})
public final class BootCommand extends BaseCommand {

    private static final String STANDARD = "stdio";
    private static final String NONE = "none";

    @Mixin
    private BootOptions options;

    @Option(names = "--serial", paramLabel = "WHERE", defaultValue = STANDARD,
            description = "where the console is connected: stdio (default), none, or a file for its output")
    private String serial;

    @Option(names = "--verbose", description = "show stack traces of failures")
    private boolean verbose;

    public BootCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        BootPlan plan = options.plan();
        Cancellation cancellation = new Cancellation();
        try (Shutdown _ = Shutdown.cancels(cancellation)) {
            BootReport report = run(plan, cancellation);
            return show(report);
        }
    }

    private BootReport run(BootPlan plan, Cancellation cancellation) {
        return switch (serial) {
            case STANDARD -> runOnTerminal(plan, cancellation);
            case NONE -> BootExperiment.run(plan, new BootConsole(OutputStream.nullOutputStream()), cancellation);
            default -> runIntoFile(plan, cancellation);
        };
    }

    private BootReport runOnTerminal(BootPlan plan, Cancellation cancellation) {
        Optional<RawTerminal> raw = console().input().isPresent() ? RawTerminal.ofStandardInput() : Optional.empty();
        try {
            return BootExperiment.run(plan, new BootConsole(console().stream(), console().input(), raw.isPresent()),
                    cancellation);
        } finally {
            raw.ifPresent(RawTerminal::close);
        }
    }

    private BootReport runIntoFile(BootPlan plan, Cancellation cancellation) {
        Path name = FileNameConverter.fileNamed(serial);
        try (SerialFile file = new SerialFile(name)) {
            BootReport report = BootExperiment.run(plan, new BootConsole(file), cancellation);
            file.ran();
            return report;
        } catch (IOException unwritable) {
            throw new UsageException("--serial %s: cannot write the file".formatted(serial));
        }
    }

    /** Says how it ended, and returns the exit code. */
    private int show(BootReport report) {
        return switch (report.end()) {
            case BootEnd.Exited exited -> say(report, exited.exitCode());
            case BootEnd.Shown _,BootEnd.Left _ -> say(report, 0);
            case BootEnd.Reset _,BootEnd.Crashed _ -> say(report, Outcome.GUEST_CRASHED.exitCode());
            case BootEnd.TimedOut _ -> say(report, Outcome.TIMED_OUT.exitCode());
            case BootEnd.Interrupted _ -> say(report, Outcome.INTERRUPTED.exitCode());
            case BootEnd.OutputFailed(IOException _) -> throw new OutputFailure(
                    serial.equals(STANDARD) ? "standard output" : serial);
            case BootEnd.HostFailed(RuntimeException cause) -> throw cause;
            case BootEnd.HostFailed(Throwable cause) -> throw new IllegalStateException(cause);
        };
    }

    private int say(BootReport report, int exitCode) {
        console().err().println("interject: " + PlainText.line(report.end().describe()));
        console().err().print(new PostMortemText(console().style()).render(report.vcpus()));
        return exitCode;
    }
}
