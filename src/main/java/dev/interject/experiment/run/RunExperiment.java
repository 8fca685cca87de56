package dev.interject.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;

/**
 * One run: boots the guest, checks the way, injects, waits for the interrupts to be taken, and accounts for all of
 * them.
 */
public final class RunExperiment {

    /** How long a guest that has said it is ready may take to open to interrupts, unless the plan says to wait. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** How often a guest that is waited for is looked at, so that Ctrl-C is noticed. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final RunPlan plan;
    private final List<ResolvedInjection> targets;
    private final int vcpu;
    private final PlanCheck check;
    private final RunObserver observer;
    private final InterruptLog log;
    private final RunMonitor monitor;
    private final long deadline;
    private final EndingExplainer explainer;
    private final RunTrace tape;
    private final List<String> notes = new ArrayList<>();

    private Irqchip irqchip;
    private List<GatePath> ways = List.of();
    private Optional<Snapshot> end = Optional.empty();
    private KvmCounters witness = KvmCounters.none();

    private RunExperiment(RunPlan plan, Cancellation cancellation, RunObserver observer, RunTrace tape) {
        this.tape = tape;
        this.plan = plan;
        this.observer = observer;
        this.log = new InterruptLog(plan.count());
        this.monitor = new RunMonitor(cancellation, tape.recorder());
        this.deadline = System.nanoTime() + plan.effectiveTimeout().toNanos();
        this.irqchip = plan.irqchip();
        LineChoice lines = new LineChoice(Machine.lineClaims(), plan.effectiveGuest().lines());
        this.targets = ResolvedInjection.of(plan, lines);
        this.vcpu = targets.getFirst().vcpu();
        this.check = new PlanCheck(plan, lines, targets);
        this.explainer = new EndingExplainer(plan, targets, monitor, deadline);
    }

    /**
     * Runs the plan to its end. Whatever the guest does is an outcome in the report, not an exception.
     *
     * @throws SystemCallException      where a call failed that should not
     * @throws UnsupportedKvmException where this host's KVM lacks something
     */
    public static RunReport run(RunPlan plan, Cancellation cancellation, RunObserver observer) {
        return run(plan, cancellation, observer, RunTrace.none());
    }

    /** The same, followed by nobody and ended by nobody but its watchdog. */
    public static RunReport run(RunPlan plan) {
        return run(plan, new Cancellation(), RunObserver.NONE);
    }

    /** Runs the plan to its end, and leaves on the tape what happened. */
    public static RunReport run(RunPlan plan, Cancellation cancellation, RunObserver observer, RunTrace tape) {
        return new RunExperiment(plan, cancellation, observer, tape).run();
    }

    private RunReport run() {
        Optional<String> refusal = check.refusal();
        if (refusal.isPresent()) {
            return refuse(refusal.get());
        }
        try (Machine machine = new Machine(plan.machinePlan(targets), monitor, tape.recorder())) {
            irqchip = machine.irqchip();
            machine.start();
            RunReport report = boot(machine);
            tape.end(machine.stop());
            return report;
        }
    }

    private RunReport boot(Machine machine) {
        monitor.awaitReady(deadline);
        if (!monitor.isReady() || !monitor.isGoingOn() || deadline - System.nanoTime() <= 0) {
            LedgerBreakdown nothing = LedgerBreakdown.none().standingAt(GuestPosition.of(machine.look(), machine));
            return report(ending(machine, nothing, () -> "the guest did not say in time that it is ready"), nothing);
        }
        return check(machine);
    }

    private RunReport check(Machine machine) {
        long since = tape.recorder().now();
        GuestState state = machine.lookWhenOpen(vcpu, SETTLE);
        if (plan.await()) {
            state = awaitOpen(machine, state);
        }
        GuestPosition standing = GuestPosition.of(state, machine);
        if (!monitor.isGoingOn()) {
            LedgerBreakdown nothing = LedgerBreakdown.none().standingAt(standing);
            return report(ending(machine, nothing, () -> "nothing was injected"), nothing);
        }
        ways = ways(state);
        Optional<Gate> forbidding = firstThatForbids();
        tape.recorder().gatesChecked(since);
        if (forbidding.isPresent() && !plan.force()) {
            boolean waitedInVain = plan.await() && forbidding.get().verdict() == Verdict.NOT_NOW;
            LedgerBreakdown nothing = LedgerBreakdown.none().standingAt(standing);
            return waitedInVain
                    ? report(ending(machine, nothing,
                            () -> "it never opened: " + EndingExplainer.describe(forbidding.get())), nothing)
                    : report(Ending.of(Outcome.REFUSED,
                            EndingExplainer.describe(forbidding.get()) + EndingExplainer.advice(forbidding.get())),
                            LedgerBreakdown.refused(plan.count()).standingAt(standing));
        }
        return inject(machine, state);
    }

    private List<GatePath> ways(GuestState state) {
        return targets.stream().map(target -> target.way(state)).toList();
    }

    private Optional<Gate> firstThatForbids() {
        return ways.stream().map(GatePath::firstThatForbids).flatMap(Optional::stream).findFirst();
    }

    private GuestState awaitOpen(Machine machine, GuestState first) {
        GuestState state = first;
        while (mayOpen(state) && monitor.isGoingOn() && deadline - System.nanoTime() > 0) {
            state = machine.lookWhenOpen(vcpu, LOOK_EVERY);
        }
        return state;
    }

    private boolean mayOpen(GuestState state) {
        List<GatePath> now = ways(state);
        return now.stream().anyMatch(way -> way.has(Verdict.NOT_NOW))
                && now.stream().noneMatch(GatePath::breaksForGood);
    }

    private RunReport inject(Machine machine, GuestState state) {
        InjectionDriver delivery = new InjectionDriver(plan, machine, monitor, log, targets, ways, state,
                tape.recorder());
        CounterBaseline stand = new CounterBaseline(plan.effectivePath(), Snapshot.of(machine, vcpu));
        delivery.prepare();
        observer.injecting(plan.count(), monitor::takenSoFar);
        delivery.run(deadline);
        LedgerReconciler accountant = new LedgerReconciler(machine, monitor, delivery.sources(), vcpu);
        long since = tape.recorder().now();
        end = Optional.of(accountant.settle());
        tape.recorder().countsRead(since);
        tape.handedOver(delivery.sources());
        LedgerBreakdown account = accountant.account(end.get());
        delivery.sources().forEach(InterruptSource::settleLog);
        witness = stand.testimony(end.get());
        notes.addAll(account.notes());
        if (end.get().nesting() > 0) {
            notes.add("handlers ran inside each other, at most %d deep".formatted(end.get().nesting()));
        }
        witness.disagreement(monitor.guestRuns()).ifPresent(notes::add);
        notes.addAll(delivery.aftermath());
        return report(isComplete(account)
                ? Ending.allTaken()
                : ending(machine, account, () -> explainer.whatHolds(machine, account, delivery.refusedByKernel())),
                account);
    }

    /**
     * A timer's ticks that were merged with others, the guest was too late for; it has taken as many as it was told.
     */
    private boolean isComplete(LedgerBreakdown account) {
        Ledger ledger = account.ledger();
        return plan.effectivePath().isTimer()
                ? ledger.taken() >= plan.count() && ledger.lost() == 0
                : account.allTaken() && ledger.requested() == plan.count();
    }

    /** Where the rest stands: by the same model that let it go. */
    private Optional<GatePath> wayAtEnd(LedgerBreakdown account) {
        return end.filter(_ -> !isComplete(account))
                .flatMap(snapshot -> targets.stream()
                        .filter(target -> !account.byLine().getOrDefault(target.line(), account.ledger()).allTaken())
                        .findFirst()
                        .map(target -> target.way(snapshot.state())));
    }

    private Ending ending(Machine machine, LedgerBreakdown account, Supplier<String> otherwise) {
        return explainer.ending(machine, vector(), account.standing(), otherwise);
    }

    private RunReport refuse(String why) {
        return report(Ending.of(Outcome.REFUSED, why), LedgerBreakdown.refused(plan.count()));
    }

    /** The one that the first line's interrupts arrive at; empty as long as nobody knows. */
    private OptionalInt vector() {
        return ways.stream().filter(GatePath::leadsToAVector).mapToInt(GatePath::vector).findFirst();
    }

    private RunReport report(Ending ending, LedgerBreakdown account) {
        List<Integer> lines = targets.stream()
                .filter(target -> target.pullsLine() || target.path() == Path.PIT)
                .map(ResolvedInjection::line)
                .toList();
        return new RunReport(plan, ending.outcome(), ending.reason(), irqchip, plan.effectivePath(), vcpu, lines,
                vector().isPresent() ? vector() : plan.vector(), account, log, ways.stream().findFirst(),
                wayAtEnd(account),
                end.map(Snapshot::handlers).orElse(Collections.emptySortedMap()),
                end.map(Snapshot::caused).orElse(List.of()), witness, check.warnings(), notes);
    }
}
