package dev.interject.cli.restore;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import dev.interject.cli.command.ExperimentCommand;
import dev.interject.cli.command.ProgressLine;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFormat;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.restore.RestoreExperiment;
import dev.interject.experiment.restore.RestorePlan;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.SavedGuest;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interject restore}. */
@Command(name = "restore",
        description = {
            "Saves a guest in the middle of an interrupt, restores it into a new VM, and shows whether an interrupt was"
                    + " lost, doubled or late.",
            "The state is saved and restored in pieces, of an ioctl each. Their order can be changed, and pieces can"
                    + " be left out."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:each situation was kept", "1:one was not", "2:wrong usage, or refused",
            "3:host unsupported", "4:a guest that was not saved crashed", "5:the time is up"},
        footer = {"", "Examples:", "  interject restore", "  interject restore --list",
            "  interject restore --situation deadline-far --without tsc-deadline",
            "  interject restore --situation line-edge,pin-level --irqchip split --all",
            "  interject restore --situation asleep-pending --count 20 --output json",
            "  interject restore --situation deadline-far --save guest.saved"})
public final class RestoreCommand extends ExperimentCommand<RestoreReport> {

    @Option(names = "--situation", paramLabel = "NAME[,NAME...]", split = ",", hideParamSyntax = true,
            description = "save guests in these situations only (default: all); see --list; can be repeated")
    private Set<PendingSituation> situations = new LinkedHashSet<>();

    @Option(names = "--irqchip", paramLabel = "WHERE",
            description = "only with this irqchip: kernel, split or userspace (default: each that a situation has)")
    private Irqchip irqchip;

    @Option(names = "--order", paramLabel = "kernel|FILE|PIECE[,PIECE...]", defaultValue = OrderOption.KERNEL,
            description = "the order in which pieces are restored: the recommended one (kernel, the default), that of"
                    + " these names, or that of a file with names, in which # begins a comment; pieces that are not"
                    + " named are not restored")
    private String order;

    @Option(names = "--without", paramLabel = "PIECE[,PIECE...]", split = ",", hideParamSyntax = true,
            description = "do not restore these pieces; can be repeated")
    private Set<Piece> without = new LinkedHashSet<>();

    @Option(names = "--all",
            description = "try each change of the order as well: each piece left out, and each two pieces swapped;"
                    + " show which pieces must not be left out, and which must come before which")
    private boolean all;

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1",
            description = "how many vCPUs each guest has at least (default: as many as its situation needs)")
    private int vcpus;

    @Option(names = "--count", paramLabel = "N",
            description = "how many times each situation is saved and restored (default: 1), each time from one"
                    + " instruction further on")
    private Integer count;

    @Mixin
    private SavedGuestOptions file;

    @Option(names = "--list", description = "list the situations and the pieces, and do nothing else")
    private boolean isList;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "time limit of the whole command, such as 2m (default: 30s and 2s for each guest; with"
                    + " --all 30m)")
    private Duration timeout;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose",
            description = "with --all, show each situation and each change that went wrong; show stack traces of"
                    + " failures")
    private boolean verbose;

    private Optional<SavedGuest> saved = Optional.empty();

    public RestoreCommand(Console console) {
        super(console);
    }

    @Override
    protected boolean showsListInstead() {
        if (isList) {
            require(output != OutputFormat.JUNIT, "--list has no JUnit XML: --output text or json");
            RestoreList.write(console(), output == OutputFormat.JSON);
        }
        return isList;
    }

    @Override
    protected RestoreReport run(Cancellation cancellation, ProgressLine progress) {
        file.check();
        IntConsumer restored = number -> progress.show("%,d guests restored".formatted(number));
        if (file.isSave()) {
            return save(cancellation);
        }
        if (file.isLoad()) {
            require(situations.isEmpty() && irqchip == null && !all && vcpus == 1,
                    "--load excludes --situation, --irqchip, --vcpus and --all");
            SavedGuest guest = file.read();
            situations = Set.of(guest.situation());
            irqchip = guest.irqchip();
            return RestoreExperiment.restore(guest, plan(), cancellation, restored);
        }
        return RestoreExperiment.run(plan(), cancellation, restored);
    }

    private RestoreReport save(Cancellation cancellation) {
        require(situations.size() == 1, "--save needs one --situation");
        require(!all && count == null && without.isEmpty() && order.equalsIgnoreCase(OrderOption.KERNEL),
                "--save excludes --order, --without, --count and --all");
        require(output != OutputFormat.JUNIT, "--save has no JUnit XML: --output text or json");
        PendingSituation situation = situations.iterator().next();
        RestorePlan plan = plan();
        try {
            saved = Optional.of(RestoreExperiment.save(situation, SavedGuestOptions.irqchip(situation, irqchip), vcpus,
                    plan.effectiveTimeout(), cancellation));
            file.write(saved.get());
            return RestoreReport.ended(plan, Ending.allTaken());
        } catch (EndedEarlyException early) {
            return RestoreReport.ended(plan, early.ending());
        }
    }

    private RestorePlan plan() {
        require(!all || count == null, "--all and --count exclude each other");
        require(timeout == null || timeout.isPositive(), "--timeout must be above 0");
        Optional<Irqchip> only = Optional.ofNullable(irqchip);
        only.ifPresent(one -> situations.forEach(situation -> requireIrqchip(situation, one)));
        PieceOrder pieces = pieces();
        return checked(() -> new RestorePlan(
                situations(),
                only.map(Set::of).orElse(Set.of(Irqchip.values())), pieces, count == null ? 1 : count, all, vcpus,
                Optional.ofNullable(timeout)));
    }

    private List<PendingSituation> situations() {
        return situations.isEmpty() ? List.of(PendingSituation.values()) : List.copyOf(situations);
    }

    private static void requireIrqchip(PendingSituation situation, Irqchip wanted) {
        require(situation.irqchips().contains(wanted), "situation %s has no irqchip %s, only %s".formatted(situation,
                wanted, situation.irqchips()
                        .stream()
                        .sorted()
                        .map(Irqchip::label)
                        .collect(
                                Collectors.joining(" and "))));
    }

    private PieceOrder pieces() {
        PieceOrder pieces = OrderOption.read(order);
        for (Piece piece : without) {
            require(pieces.pieces().contains(piece),
                    "--without %s: --order does not restore it anyway".formatted(piece));
            require(situations().stream()
                    .flatMap(situation -> situation.irqchips().stream())
                    .anyMatch(one -> (irqchip == null || irqchip == one) && piece.isOf(one)),
                    "--without %s: none of these machines has it".formatted(piece));
            pieces = pieces.without(piece);
        }
        require(!pieces.pieces().isEmpty(), "--without leaves no piece to restore");
        return pieces;
    }

    @Override
    protected void show(RestoreReport report) {
        Console console = console();
        if (saved.isPresent()) {
            file.show(saved.get(), output, console);
            return;
        }
        switch (output) {
            case TEXT -> console.write(new RestoreText(console.style(), verbose).render(report));
            case JSON -> console.write(out -> RestoreJson.write(report, out));
            case JUNIT -> console.write(out -> RestoreJunit.write(report, out));
        }
    }
}
