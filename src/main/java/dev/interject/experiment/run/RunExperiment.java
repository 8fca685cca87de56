package dev.interject.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.plan.RunRequest;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.GatePaths;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/** One run: boots the guest, checks the gates, injects, waits, and accounts for every interrupt. */
public final class RunExperiment {

    /** The interval at which it is looked whether an interrupt is still held. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final RunPlan plan;
    private final PlanCheck check;
    private final RunObserver observer;
    private final RunMonitor monitor;
    private final RunTrace trace;
    private final List<String> notes = new ArrayList<>();
    private List<ResolvedInjection> targets;
    private EndingExplainer explainer;
    private Irqchip irqchip;
    private GatePaths paths = GatePaths.UNKNOWN;
    private Optional<InjectionDriver> driver = Optional.empty();

    private RunExperiment(RunPlan plan, Cancellation cancellation, RunObserver observer, RunTrace trace) {
        this.plan = plan;
        this.observer = observer;
        this.trace = trace;
        this.monitor = new RunMonitor(cancellation, Deadline.after(plan.effectiveTimeout()));
        this.irqchip = plan.machine().irqchip();
        LineChoice lines = new LineChoice(Machine.lineClaims(), plan.effectiveGuest().lines());
        this.targets = plan.injections(lines);
        this.check = new PlanCheck(plan, lines, targets);
        this.explainer = new EndingExplainer(plan, targets, monitor);
    }

    /**
     * Carries out a plan without observer; only the watchdog ends it early. See
     * {@link #run(RunPlan, Cancellation, RunObserver, RunTrace)}.
     */
    public static RunReport run(RunPlan plan) {
        return run(plan, new Cancellation(), RunObserver.NONE, RunTrace.none());
    }

    /**
     * Carries out a plan. Whatever the guest does is an outcome in the report, and so is a call of the host that fails
     * once there is a machine.
     *
     * @throws SystemCallException     if a call failed that makes the machine
     * @throws UnsupportedKvmException if this host's KVM lacks something
     */
    public static RunReport run(RunPlan plan, Cancellation cancellation, RunObserver observer, RunTrace trace) {
        return new RunExperiment(plan, cancellation, observer, trace).run();
    }

    private RunReport run() {
        Optional<String> refusal = check.refusal();
        if (refusal.isPresent()) {
            return report(Ending.of(Outcome.REFUSED, refusal.get()), Ledger.refused(plan.count()));
        }
        Optional<RunReport> report = Optional.empty();
        try (Machine machine = new Machine(plan.machinePlan(targets), monitor, trace.recorder())) {
            irqchip = machine.irqchip();
            trace.begin(plan.machine().vcpus());
            report = Optional.of(carryOut(machine));
            trace.end(machine.stop());
            return report.get();
        } catch (SystemCallException failed) { // what was finished is reported, also if the machine does not end well
            return report.map(finished -> finished.with(Ending.hostFailed(failed))).orElseThrow(() -> failed);
        }
    }

    private RunReport carryOut(Machine machine) {
        try {
            machine.start();
            return monitor.awaitReady()
                    ? check(machine)
                    : nothingInjected(machine, () -> "the guest did not report in time that it is ready");
        } catch (EndedEarlyException unsettable) {
            return report(unsettable.ending(), Ledger.refused(plan.count()));
        } catch (SystemCallException failed) {
            return endedEarly(machine, Ending.hostFailed(failed), Optional.empty());
        } catch (VcpuEndedException ended) {
            Optional<GuestState> state = ended.end() instanceof VcpuEnd.Crashed crashed
                    ? Optional.of(machine.vcpu(crashed.vcpu()).inspect())
                    : Optional.empty();
            return endedEarly(machine, explainer.ending(ended.end(), position(machine, state)), state);
        }
    }

    private RunReport check(Machine machine) {
        long since = trace.recorder().now();
        Preparation guest = new Preparation(plan, targets, machine, monitor);
        GuestState state = guest.prepare();
        targets = guest.targets();
        explainer = new EndingExplainer(plan, targets, monitor);
        notes.addAll(guest.notes());
        paths = guest.paths();
        trace.recorder().gatesChecked(since);
        if (!monitor.isGoingOn()) {
            return nothingInjected(machine, () -> paths.firstThatMayOpen()
                    .filter(_ -> plan.conduct().await())
                    .map(gate -> "the guest never opened to interrupts; held at " + EndingExplainer.describe(gate))
                    .orElse("nothing was injected"));
        }
        Optional<String> refusal = (plan.pace().isStorm() ? paths.refusalOfStorm() : Optional.<String>empty())
                .or(() -> plan.conduct().force() ? Optional.empty()
                        : paths.firstThatForbids()
                                .map(gate -> EndingExplainer.describe(gate) + EndingExplainer.advice(gate)));
        if (refusal.isPresent()) {
            return report(machine, Ending.of(Outcome.REFUSED, refusal.get()), Ledger.refused(plan.count()),
                    Optional.of(state));
        }
        return inject(machine, state, guest.earlier(), guest.release());
    }

    private int vcpu() {
        return targets.getFirst().vcpu();
    }

    private RunReport inject(Machine machine, GuestState state, GuestState earlier, Runnable release) {
        Snapshot before = Snapshot.of(machine, vcpu());
        InjectionDriver injection = InjectionDriver.prepare(plan, targets, machine, monitor, state, earlier);
        driver = Optional.of(injection);
        observer.injecting(plan.count(), monitor::takenSoFar);
        injection.run(release);
        if (monitor.hasHostFailed()) {
            return endedEarly(machine, explainer.ending(machine, paths.vector(), Optional.empty(), () -> ""),
                    Optional.empty());
        }
        LedgerReconciler reconciler = new LedgerReconciler(machine, monitor, injection.sources(), vcpu());
        long since = trace.recorder().now();
        Snapshot end = reconciler.settle();
        LedgerBreakdown account = reconciler.account(end);
        while (account.ledger().held() > 0 && monitor.isGoingOn()) { // the guest has time until the watchdog ends it
            monitor.pause(Deadline.after(LOOK_EVERY));
            end = reconciler.settle();
            account = reconciler.account(end);
        }
        trace.recorder().countsRead(since);
        return report(machine, before, end, account, injection, reconciler.haveHandlersReturned());
    }

    private RunReport report(Machine machine, Snapshot before, Snapshot end, LedgerBreakdown account,
            InjectionDriver injection, boolean haveReturned) {
        settleLog(injection);
        KvmCounters counters = KvmCounters.between(plan.effectivePath(), isOf8259InKernel(), before, end);
        addNotes(end, counters);
        notes.addAll(injection.notes());
        boolean allTaken = isComplete(account.ledger(), injection);
        boolean complete = allTaken && haveReturned && monitor.guestRuns();
        Optional<GuestPosition> position = complete ? Optional.empty() : position(machine, end.state());
        Ending ending = complete
                ? Ending.allTaken()
                : explainer.ending(machine, paths.vector(), position,
                        () -> allTaken ? "a handler has not returned"
                                : explainer.whatHolds(account, injection, end.state()));
        Optional<GuestState> state = end.state().filter(_ -> !complete);
        Optional<ResolvedInjection> left =
                targets.stream().filter(target -> !account.ofLine(target.line()).allTaken()).findFirst();
        return report(ending, account, state, left, new RunReport.Observations(end.handlers(), end.caused(), counters,
                position, Witness.GUEST));
    }

    private static Optional<GuestPosition> position(Machine machine, Optional<GuestState> state) {
        return state.map(seen -> GuestPosition.of(seen.cpu(), machine));
    }

    private void settleLog(InjectionDriver injection) {
        trace.injected(injection.sources());
        injection.sources().forEach(InterruptSource::settleLog);
    }

    private void addNotes(Snapshot end, KvmCounters counters) {
        if (end.spurious() > 0) {
            notes.add((plan.effectivePath().isTimer()
                    ? "ticks that arrived while the guest stopped its timer, in addition to those requested: %,d"
                    : "spurious interrupts (IRQ 7 or 15 with nothing in service) that the guest saw: %,d")
                    .formatted(end.spurious()));
        }
        if (end.nesting() > 0) {
            notes.add("handlers ran inside each other, at most %d deep".formatted(end.nesting()));
        }
        counters.disagreement(monitor.guestRuns()).ifPresent(notes::add);
    }

    private boolean isOf8259InKernel() {
        return irqchip == Irqchip.KERNEL && plan.effectivePath().passesThroughPic(plan.effectiveGuest());
    }

    /** A timer's ticks that were merged with others were too early for the guest; it took as many as were requested. */
    private boolean isComplete(Ledger ledger, InjectionDriver injection) {
        return plan.effectivePath().isTimer()
                ? ledger.taken() >= plan.count() && ledger.lost() == 0
                : ledger.allTaken() && injection.requested() == plan.count();
    }

    private RunReport nothingInjected(Machine machine, Supplier<String> otherwise) {
        Optional<GuestState> state = monitor.hasHostFailed()
                ? Optional.empty()
                : Optional.of(machine.vcpu(vcpu()).inspect());
        return report(machine, explainer.ending(machine, paths.vector(), position(machine, state), otherwise),
                Ledger.none(), state);
    }

    /** What was finished when the guest crashed or a call of the host failed; the ledger ends there. */
    private RunReport endedEarly(Machine machine, Ending ending, Optional<GuestState> state) {
        if (driver.isEmpty()) {
            return report(machine, ending, Ledger.none(), state);
        }
        settleLog(driver.get());
        Snapshot end = Snapshot.withoutState(machine, vcpu());
        LedgerBreakdown account =
                new LedgerReconciler(machine, monitor, driver.get().sources(), vcpu()).account(end);
        if (account.ledger().lost() > 0) {
            notes.add("%,d counted as lost may still be held: the controllers could not be read"
                    .formatted(account.ledger().lost()));
        }
        return report(ending, account, state, Optional.empty(), new RunReport.Observations(end.handlers(),
                end.caused(), KvmCounters.none(), position(machine, state), Witness.GUEST));
    }

    /** Nothing was injected, and the guest was not looked at. */
    private RunReport report(Ending ending, Ledger ledger) {
        return report(ending, LedgerBreakdown.of(ledger), Optional.empty(), Optional.empty(),
                RunReport.Observations.none());
    }

    /** Nothing was injected. */
    private RunReport report(Machine machine, Ending ending, Ledger ledger, Optional<GuestState> state) {
        RunReport.Observations nothing = RunReport.Observations.none();
        return report(ending, LedgerBreakdown.of(ledger), state, Optional.empty(),
                new RunReport.Observations(nothing.handlers(), nothing.caused(), nothing.counters(),
                        position(machine, state), nothing.witness()));
    }

    /**
     * @param state of the machine at the end
     * @param left  what has something left, and whose gates are shown
     */
    private RunReport report(Ending ending, LedgerBreakdown account, Optional<GuestState> state,
            Optional<ResolvedInjection> left, RunReport.Observations observed) {
        Optional<HostDepartures> after =
                state.flatMap(seen -> left.map(target -> HostDepartures.decisive(seen, target::gatePath)));
        List<Integer> lines = targets.stream()
                .filter(target -> target.pullsLine() || target.route().fixedLine().isPresent())
                .map(ResolvedInjection::line)
                .toList();
        return new RunReport(RunRequest.of(plan), ending,
                new RunReport.Target(irqchip, vcpu(), lines,
                        paths.vector().isPresent() ? paths.vector() : plan.interrupt().vector()),
                account,
                driver.map(InjectionDriver::log).orElseGet(() -> new InterruptLog(0)),
                new RunReport.Gates(paths.first(), after.map(HostDepartures::gates), state.map(seen -> finalState(seen,
                        after))),
                observed,
                new RunReport.Remarks(check.warnings(), List.copyOf(notes)));
    }

    private RunReport.FinalState finalState(GuestState state, Optional<HostDepartures> after) {
        return new RunReport.FinalState(after.map(found -> state.with(found.rules())).orElse(state),
                targets.getFirst().takesNmis());
    }
}
