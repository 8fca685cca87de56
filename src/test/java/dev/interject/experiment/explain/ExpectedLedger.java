package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;

/**
 * What the ledger of a run must say of an interrupt that was explained.
 *
 * @param fate    what happens to the interrupt when it is injected
 * @param outcome how the run ends without force; one that is held is waited for until the run is cancelled
 */
record ExpectedLedger(RunPlan plan, ExplainReport explained, Fate fate, Outcome outcome) {

    /** Gates that open by themselves as soon as the guest runs on. */
    private static final Set<GateKind> OPENING = EnumSet.of(GateKind.SHADOW, GateKind.EVENT_QUEUE, GateKind.WINDOW);
    /** Gates whose interrupt arrives, and which the handler takes for a spurious one. */
    private static final Set<GateKind> SPURIOUS = EnumSet.of(GateKind.SPURIOUS, GateKind.CASCADE);
    private static final Set<GateKind> PENDING = EnumSet.of(GateKind.PIC_IRR, GateKind.LAPIC_IRR);
    private static final Set<GateKind> BY_TIMER_GUESTS =
            EnumSet.of(GateKind.INTERRUPT_FLAG, GateKind.TIMER, GateKind.PIT);
    private static final Duration HELD = Duration.ofMillis(20);

    static ExpectedLedger of(RunPlan plan, ExplainReport explained) {
        if (explained.explanation().isEmpty()) {
            return new ExpectedLedger(plan, explained, Fate.DROPPED, explained.outcome());
        }
        GatePath path = explained.explanation().get().gates();
        Fate fate = soon(plan, path);
        Outcome unforced = path.firstThatForbids().isPresent() ? Outcome.REFUSED : switch (fate) {
            case TAKEN -> Outcome.TAKEN;
            case WAITS -> Outcome.INTERRUPTED;
            case MERGES, DROPPED -> plan.effectivePath().isTimer() ? Outcome.INTERRUPTED : Outcome.NOT_TAKEN;
            case MISROUTED, BREAKS -> Outcome.REFUSED;
            case UNKNOWN -> throw new AssertionError(path);
        };
        return new ExpectedLedger(plan, explained, fate, unforced);
    }

    /** The fate when the guest has run on: what the gates decide that do not open by themselves. */
    private static Fate soon(RunPlan plan, GatePath path) {
        List<Gate> closed = path.gates()
                .stream()
                .filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE && !opens(plan, gate))
                .toList();
        return closed.isEmpty() ? Fate.TAKEN
                : closed.size() == closedIn(path) ? path.prediction().fate()
                        : fate(closed);
    }

    private static long closedIn(GatePath path) {
        return path.gates()
                .stream()
                .filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE)
                .count();
    }

    private static Fate fate(List<Gate> closed) {
        return switch (closed.getFirst().verdict()) {
            case HOLDS, NOT_NOW -> closed.stream().anyMatch(gate -> gate.verdict() == Verdict.COALESCES) ? Fate.MERGES
                    : Fate.WAITS;
            case COALESCES -> Fate.MERGES;
            case DROPS -> Fate.DROPPED;
            case MISROUTED -> Fate.MISROUTED;
            case BREAKS -> Fate.BREAKS;
            case OPEN, NOT_PORTABLE, UNKNOWN -> throw new AssertionError(closed);
        };
    }

    /**
     * A guest with a timer that is not set sets IF when it has its number of ticks, and arms the timer. It counts a
     * tick that was pending.
     */
    private static boolean opens(RunPlan plan, Gate gate) {
        boolean isClosedForNow = gate.verdict() == Verdict.HOLDS || gate.verdict() == Verdict.NOT_NOW;
        boolean isTimer = plan.effectivePath().isTimer();
        return isClosedForNow && (OPENING.contains(gate.kind()) || isTimer && !plan.isTimerSet()
                && (PENDING.contains(gate.kind()) || BY_TIMER_GUESTS.contains(gate.kind())));
    }

    /**
     * Carries out the plan; a run that waits for what is held is cancelled some time after it has injected that. A busy
     * machine needs more time for it.
     */
    RunReport run(boolean force) {
        Duration time = HELD;
        RunReport report = run(force, time);
        while (report.outcome() == Outcome.INTERRUPTED && report.interrupts().size() == 0) {
            time = time.multipliedBy(2);
            report = run(force, time);
        }
        return report;
    }

    private RunReport run(boolean force, Duration time) {
        Cancellation cancellation = new Cancellation();
        boolean isHeld = outcome == Outcome.INTERRUPTED || force && fate == Fate.WAITS;
        RunObserver observer = (_, _) -> {
            if (isHeld) {
                CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(cancellation::request);
            }
        };
        return RunExperiment.run(new RunPlan(plan.machine(), plan.interrupt(), plan.pace(),
                new Conduct(Optional.of(Hang.AFTER), force, false)), cancellation, observer, RunTrace.none());
    }

    /** What a run without force says otherwise; empty if it agrees. */
    Optional<String> disagreement(RunReport report) {
        if (outcome == Outcome.REFUSED || explained.explanation().isEmpty()) {
            return report.outcome() == outcome ? Optional.empty() : differs(report);
        }
        return byFate(report);
    }

    /**
     * What a run with force says otherwise, where one without it is refused. What happens to a vector that is forced
     * into a closed guest depends on the CPU.
     */
    Optional<String> disagreementIfForced(RunReport report) {
        if (explained.explanation().filter(that -> !that.gates().isForbiddenNow()).isEmpty()) {
            return Optional.empty();
        }
        return byFate(report);
    }

    private Optional<String> byFate(RunReport report) {
        Ledger ledger = report.ledger();
        boolean agrees = switch (fate) {
            case TAKEN -> isTaken(report);
            case WAITS -> report.outcome() == Outcome.INTERRUPTED && (isTimer() || ledger.held() > 0)
                    && (ledger.taken() == 0 || ledger.requested() > 1) && ledger.lost() == 0;
            case MERGES -> isTimer() || report.outcome() == Outcome.NOT_TAKEN && ledger.coalesced() > 0
                    && ledger.held() == 0 && ledger.lost() == 0;
            case MISROUTED -> isLost(report) || isOfAnother() && (report.outcome() == Outcome.GUEST_CRASHED
                    || report.outcome() == Outcome.NOT_TAKEN && ledger.extra() > 0);
            case DROPPED -> isTimer() && ledger.taken() == 0 || isLost(report);
            case BREAKS -> isSpurious() ? report.outcome() == Outcome.NOT_TAKEN && ledger.lost() > 0
                    : report.outcome() == Outcome.GUEST_CRASHED;
            case UNKNOWN -> false;
        };
        return agrees ? Optional.empty() : differs(report);
    }

    private boolean isTaken(RunReport report) {
        return report.outcome() == Outcome.TAKEN || report.ledger().taken() > 0 && report.ledger().extra() > 0
                && plan.interrupt().trigger() == Trigger.LEVEL
                && ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Departs;
    }

    private boolean isLost(RunReport report) {
        return report.outcome() == Outcome.NOT_TAKEN && report.ledger().refused() == report.ledger().requested()
                && report.reason().orElse("").contains(decisive().map(Gate::place).orElse(""));
    }

    /** Whether it arrives at another vCPU than the target. */
    private boolean isOfAnother() {
        return decisive().filter(gate -> gate.kind() == GateKind.DESTINATION).isPresent();
    }

    private boolean isTimer() {
        return plan.effectivePath().isTimer();
    }

    private boolean isSpurious() {
        return explained.explanation()
                .flatMap(that -> that.gates().predictionWhenRunning().because())
                .filter(gate -> SPURIOUS.contains(gate.kind()))
                .isPresent();
    }

    private Optional<Gate> decisive() {
        return explained.explanation().flatMap(that -> that.prediction().because());
    }

    private Optional<String> differs(RunReport report) {
        return Optional.of("run: %s, %s, %s; explain: %s, %s".formatted(
                report.outcome(), report.ledger(),
                report.ending().reason(), explained.outcome(), explained.ending().reason()));
    }
}
