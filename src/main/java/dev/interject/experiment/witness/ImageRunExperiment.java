package dev.interject.experiment.witness;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.image.ImageGuest;
import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.experiment.plan.RunRequest;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.KvmCounters;
import dev.interject.experiment.run.LedgerBreakdown;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Injects interrupts into a user's image, and accounts for each. */
public final class ImageRunExperiment {

    private final ImageRunPlan plan;
    private final Irqchip irqchip;
    private final ImageTally tally;

    private ImageRunExperiment(ImageRunPlan plan) {
        this.plan = plan;
        this.irqchip = plan.image().machine().hardware().irqchip();
        this.tally = new ImageTally(plan.pace().count());
    }

    /**
     * Carries out a plan. Whatever the guest does is an outcome in the report.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed that makes the machine
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public static RunReport run(ImageRunPlan plan, Cancellation cancellation, RunObserver observer, RunTrace trace) {
        return new ImageRunExperiment(plan).run(cancellation, observer, trace);
    }

    private RunReport run(Cancellation cancellation, RunObserver observer, RunTrace trace) {
        Optional<String> refusal = plan.refusal();
        if (refusal.isPresent()) {
            return notTried(Ending.of(Outcome.REFUSED, refusal.get()), Ledger.refused(plan.pace().count()));
        }
        try (ImageGuest guest = new ImageGuest(plan.limited(), cancellation,
                Deadline.after(plan.effectiveTimeout()), "during the run", trace.recorder())) {
            observer.injecting(plan.pace().count(), tally::takenSoFar);
            trace.begin(guest.machine().vcpus());
            return carryOut(guest, new ImageRun(plan, guest, tally));
        } catch (EndedEarlyException unsuitable) {
            return notTried(unsuitable.ending(), Ledger.none());
        }
    }

    private RunReport carryOut(ImageGuest guest, ImageRun run) {
        Optional<Ending> early = Optional.empty();
        try {
            run.run();
        } catch (EndedEarlyException ended) {
            early = Optional.of(ended.ending());
        } catch (VcpuEndedException ended) {
            early = Optional.of(guest.endedEarly(ended.end()).ending());
        }
        if (early.filter(ending -> ending.outcome() == Outcome.HOST_UNABLE).isPresent()) {
            run.abandonUnseen();
            return report(guest, run, early.get());
        }
        run.abandon();
        return report(guest, run, early.filter(ending -> !isDone(ending)).orElseGet(() -> ending(run)));
    }

    /** A guest may end itself when all were taken. */
    private boolean isDone(Ending early) {
        return tally.ledger().taken() == plan.pace().count() && early.outcome() == Outcome.NOT_TAKEN;
    }

    private Ending ending(ImageRun run) {
        Ledger ledger = tally.ledger();
        if (ledger.taken() == plan.pace().count()) {
            return Ending.allTaken();
        }
        String what = ledger.unknown() > 0
                ? "it is unknown whether %,d of %,d were taken".formatted(ledger.unknown(), ledger.requested())
                : ledger.refused() > 0
                        ? "%,d of %,d were not accepted".formatted(ledger.refused(), ledger.requested())
                        : "%,d of %,d coalesced with a pending one".formatted(ledger.coalesced(), ledger.requested());
        return Ending.of(Outcome.NOT_TAKEN, what + run.why());
    }

    private RunReport report(ImageGuest guest, ImageRun run, Ending ending) {
        boolean isReadable = ending.outcome() != Outcome.HOST_UNABLE;
        boolean allTaken = ending.outcome() == Outcome.TAKEN;
        Optional<TakenWitness> witness = run.witness();
        Map<String, Long> rises = isReadable && run.target().isPresent() && !run.statisticsBefore().isEmpty()
                ? KvmCounters.rises(run.statisticsBefore(),
                        guest.machine().vcpu(run.target().get().vcpu()).statistics())
                : Map.of();
        witness.flatMap(ImageRunExperiment::others).ifPresent(run.notes()::add);
        OptionalInt vector = run.gatesBefore()
                .filter(GatePath::leadsToAVector)
                .map(gates -> OptionalInt.of(gates.vector()))
                .orElse(OptionalInt.empty());
        RunRequest request = run.target().map(target -> plan.request().on(target.route())).orElse(plan.request());
        return new RunReport(request, ending, target(run.target(), vector), LedgerBreakdown.of(ledger(ending)),
                tally.log(),
                allTaken || !isReadable
                        ? new RunReport.Gates(run.gatesBefore(), Optional.empty(), Optional.empty())
                        : gatesAtEnd(guest, run),
                new RunReport.Observations(handlers(vector, witness), List.of(),
                        new KvmCounters(rises, request.path(), false, 0),
                        allTaken || !isReadable ? Optional.empty() : Optional.of(position(guest, run)),
                        witness.map(TakenWitness::who).orElse(Witness.NONE)),
                new RunReport.Remarks(List.of(), List.copyOf(run.notes())));
    }

    /** With those that another interrupt would meet now. */
    private RunReport.Gates gatesAtEnd(ImageGuest guest, ImageRun run) {
        ImageInterrupt interrupt = new ImageInterrupt(plan.image());
        GuestState state = guest.machine().vcpu(0).inspect();
        HostDepartures now = interrupt.onThisHost(state);
        return new RunReport.Gates(run.gatesBefore(), run.target().map(_ -> now.gates()),
                Optional.of(new RunReport.FinalState(state.with(now.rules()), interrupt.in(state).takesNmis())));
    }

    /** A run that was refused before its first interrupt has refused all. */
    private Ledger ledger(Ending ending) {
        return ending.outcome() == Outcome.REFUSED && tally.log().size() == 0 ? Ledger.refused(plan.pace().count())
                : tally.ledger();
    }

    private RunReport.Target target(Optional<ResolvedInjection> target, OptionalInt vector) {
        List<Integer> lines = target.filter(where -> where.pullsLine() || where.route().fixedLine().isPresent())
                .map(where -> List.of(where.line()))
                .orElse(List.of());
        return new RunReport.Target(irqchip, target.map(ResolvedInjection::vcpu).orElse(0), lines,
                vector.isPresent() ? vector : plan.image().interrupt().vector());
    }

    private SortedMap<Integer, Long> handlers(OptionalInt vector, Optional<TakenWitness> witness) {
        SortedMap<Integer, Long> handlers = new TreeMap<>();
        OptionalLong others = witness.map(TakenWitness::others).orElse(OptionalLong.empty());
        if (vector.isPresent() && others.isPresent()) {
            handlers.put(vector.getAsInt(), tally.ledger().taken() + others.getAsLong());
        }
        return handlers;
    }

    private static Optional<String> others(TakenWitness witness) {
        return witness.others().orElse(0) == 0 ? Optional.empty()
                : Optional.of(("the handler was reached %,d more times while an interrupt was awaited: by the guest's"
                        + " own devices, by INT n or by a jump").formatted(witness.others().getAsLong()));
    }

    private static GuestPosition position(ImageGuest guest, ImageRun run) {
        int vcpu = run.target().map(ResolvedInjection::vcpu).orElse(0);
        return GuestPosition.of(guest.machine().vcpu(vcpu).inspectCpu(), guest.machine());
    }

    private RunReport notTried(Ending ending, Ledger ledger) {
        return new RunReport(plan.request(), ending, target(Optional.empty(), OptionalInt.empty()),
                LedgerBreakdown.of(ledger), new InterruptLog(0),
                RunReport.Gates.none(), RunReport.Observations.none(),
                new RunReport.Remarks(List.of(), List.of()));
    }
}
