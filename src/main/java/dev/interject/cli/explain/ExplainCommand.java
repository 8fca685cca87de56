package dev.interject.cli.explain;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.command.SettingList;
import dev.interject.cli.option.MomentOptions;
import dev.interject.cli.option.NumberConverter;
import dev.interject.cli.option.TargetOptions;
import dev.interject.cli.option.UsageException;
import dev.interject.cli.option.UserImageOptions;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.ListFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.explain.ExplainChange;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.ExplainedInterrupt;
import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.explain.ImageExplainExperiment;
import dev.interject.experiment.explain.StateExplainExperiment;
import dev.interject.experiment.explain.StatePlan;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.state.StateFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code interject explain}. */
@Command(name = "explain",
        description = {
            "Freezes a guest, shows what each gate would do to an interrupt, and names the gate that holds it.",
            "It injects nothing but the interrupts of --after."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:the interrupt would be taken", "1:it would not",
            "2:wrong usage, or refused", "3:host unsupported", "4:the guest crashed", "5:the time is up"},
        footer = {"", "Examples:", "  interject explain", "  interject explain --guest deaf",
            "  interject explain --guest no-eoi --after 1",
            "  interject explain --fault slave-masked", "  interject explain --set pic.slave.imr=0xff",
            "  interject explain --at sleep --at-instruction 1",
            "  interject explain --after 1 --at taken",
            "  interject explain --path msi --vector 0x0f --dump",
            "  interject explain --image kernel.elf --irq 0 --after 500ms",
            "  interject explain --qemu /run/vm.qmp --irq 11"})
public final class ExplainCommand extends ExperimentCommand<ExplainReport> {

    /** What may be given beside a fault. */
    private static final Set<String> WITH_FAULT = Set.of("--fault", "--timeout", "--dump", "--output", "--verbose");

    /** What may be given beside a state. */
    private static final Set<String> WITH_STATE = Set.of("--state", "--path", "--irq", "--vector", "--address",
            "--message-data", "--icr", "--trigger", "--to", "--dump", "--output", "--verbose");

    /** What else may be given beside a VM under QEMU. */
    private static final Set<String> WITH_QEMU = Set.of("--qemu", "--freeze", "--watch", "--interval", "--timeout");

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Mixin
    private UserImageOptions image;

    @Mixin
    private MomentOptions moment;

    @Option(names = "--state", paramLabel = "FILE|-",
            description = {"instead of a guest, the state of a machine that was written down: JSON, as --dump --output"
                    + " json prints it, or as the page state.md says (-: standard input);",
                "needs no KVM; needs --irq, --vector or a path without a line"})
    private Path state;

    @Mixin
    private QemuOptions qemu;

    @Option(names = "--fault", paramLabel = "NAME",
            description = "a fault of the catalogue, instead of the options above; see: interject guests --faults")
    private Fault fault;

    @Option(names = "--after", paramLabel = "N|TIME",
            description = {"freeze the guest after it has taken N such interrupts (default: 0);",
                "with --at or --at-instruction: after the injection of the N-th;",
                "with --image: when it has run for this time, such as 500ms"})
    private String after;

    @Option(names = "--at", paramLabel = "SYMBOL",
            description = "freeze the guest before the first instruction of this symbol; with --image also an address")
    private String at;

    @Option(names = "--at-instruction", paramLabel = "N",
            description = {"freeze the guest N instructions after the point of --at or --after, or after its first N"
                    + " instructions;",
                "an interrupt that is taken counts as one"})
    private Integer atInstruction;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = {"time limit, such as 2s (default: 10s, and 5ms for each interrupt and step);",
                "with --qemu: of each look (default: 5s)"})
    private Duration timeout;

    @Option(names = "--dump", description = "show the whole state: registers, tables, controllers, events")
    private boolean dump;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--verbose",
            description = "show the manual's section for each gate, and stack traces of failures")
    private boolean verbose;

    private boolean isWatched;

    public ExplainCommand(Console console) {
        super(console);
    }

    @Override
    protected boolean showsListInstead() {
        if (target.listsSettings()) {
            SettingList.write(console(), output == ListFormat.JSON);
        }
        return target.listsSettings();
    }

    @Override
    protected ExplainReport run(Cancellation cancellation, ProgressLine progress) {
        qemu.requireUsed();
        if (qemu.isGiven()) {
            require(state == null, "--qemu and --state exclude each other");
            requireOnly(Stream.concat(WITH_STATE.stream(), WITH_QEMU.stream()).collect(Collectors.toSet()),
                    "--qemu has a machine of its own: it excludes ");
            return qemu.explain(target, timeout, cancellation, this::showChange);
        }
        if (state != null) {
            requireOnly(WITH_STATE, "--state has a machine that is not run: it excludes ");
            return StateExplainExperiment.explain(statePlan());
        }
        image.requireImageFor(spec.commandLine().getParseResult());
        moment.requireImage(image.isGiven());
        return image.isGiven()
                ? ImageExplainExperiment.explain(imagePlan(), cancellation)
                : ExplainExperiment.explain(plan(), cancellation);
    }

    private StatePlan statePlan() {
        StateFile file = state.toString().equals("-")
                ? StateFile.read(console().input().orElse(InputStream.nullInputStream()), "standard input", Path.of(""))
                : StateFile.read(state);
        return checked(() -> new StatePlan(file, String.valueOf(state.getFileName()), target.interrupt(), target.to()));
    }

    private ImagePlan imagePlan() {
        require(atInstruction == null, "--image excludes --at-instruction");
        require(fault == null, "--fault has its own guest and interrupt: it excludes --image");
        return image.plan(target, moment.moment(at, after), timeout);
    }

    private ExplainPlan plan() {
        if (fault != null) {
            requireOnly(WITH_FAULT, "--fault has its own guest and interrupt: it excludes ");
        }
        return checked(() -> fault == null
                ? targeted()
                : ExplainPlan.of(fault).withTimeout(Optional.ofNullable(timeout)));
    }

    /** Other options would be ignored. */
    private void requireOnly(Set<String> allowed, String refusal) {
        spec.commandLine()
                .getParseResult()
                .matchedOptions()
                .stream()
                .map(OptionSpec::longestName)
                .filter(name -> !allowed.contains(name))
                .forEach(name -> require(false, refusal + name));
    }

    private ExplainPlan targeted() {
        int first = after == null ? 0 : count(after);
        RunPlan run = checked(() -> target.plan(Pace.oneByOne(Math.clamp(first, 1, ExplainPlan.MOST_BEFORE)),
                Conduct.within(Optional.ofNullable(timeout))));
        require(run.interrupt().lines().size() <= 1,
                "--irq takes one line here, not " + run.interrupt().lines().size());
        return new ExplainPlan(run, first, Optional.ofNullable(at),
                TargetOptions.optional(atInstruction), Optional.empty());
    }

    private static int count(String text) {
        try {
            return new NumberConverter().convert(text);
        } catch (TypeConversionException notANumber) {
            throw new UsageException("Invalid value for option '--after': " + notANumber.getMessage());
        }
    }

    private void showChange(ExplainChange change) {
        if (isWatched && output == ListFormat.TEXT) {
            console().write(new ExplainText(console().style(), verbose, dump).render(change, LocalTime.now()));
        } else {
            write(change.report());
        }
        isWatched = true;
    }

    @Override
    protected void show(ExplainReport report) {
        if (!isWatched) { // otherwise it was shown when it changed
            write(report);
        }
    }

    private void write(ExplainReport report) {
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new ExplainText(console.style(), verbose, dump).render(report));
            case JSON -> console.write(out -> ExplainJson.write(report, dump, out));
        }
    }

    @Override
    protected Optional<ExplainReport> hostUnable(String reason) {
        return output == ListFormat.JSON
                ? Optional.of(ExplainReport.hostUnable(image.isGiven()
                        ? ExplainedInterrupt.of(imagePlan())
                        : ExplainedInterrupt.of(plan()), reason))
                : Optional.empty();
    }
}
