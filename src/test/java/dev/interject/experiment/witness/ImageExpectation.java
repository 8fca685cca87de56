package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Explanation;
import dev.interject.experiment.explain.ImageExplainExperiment;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;

/**
 * What the ledger of a run must say of the one interrupt of an image that was explained.
 *
 * @param isIdle whether the guest does nothing from then on but execute STI and sleep
 * @param fate   what happens to it then, if it is idle; empty if it was not explained
 */
public record ImageExpectation(ImageRuns planned, ExplainReport explained, boolean isIdle, Optional<Fate> fate) {

    /** Gates that open by themselves when a guest runs on that executes STI at once. */
    private static final Set<GateKind> OPENING =
            EnumSet.of(GateKind.SHADOW, GateKind.EVENT_QUEUE, GateKind.WINDOW, GateKind.INTERRUPT_FLAG);
    /** An exception's handler, or one that takes the interrupt for a spurious one. */
    private static final Set<GateKind> ELSE =
            EnumSet.of(GateKind.VECTOR, GateKind.PIC_BASE, GateKind.CASCADE, GateKind.SPURIOUS);
    private static final Duration HELD = Duration.ofMillis(100);
    private static final String NO_RAM = "there is no RAM";

    /** Explains the interrupt of a guest that sleeps from then on. */
    public static ImageExpectation of(ImageRuns planned) {
        ExplainReport explained = explain(planned);
        return new ImageExpectation(planned, explained, true,
                explained.explanation().map(Explanation::gates).map(ImageExpectation::soon));
    }

    /** The same of one that does something else. */
    static ImageExpectation ofOneThatRunsOn(ImageRuns planned) {
        ExplainReport explained = explain(planned);
        return new ImageExpectation(planned, explained, false,
                explained.explanation().map(that -> that.prediction().fate()));
    }

    private static ExplainReport explain(ImageRuns planned) {
        return ImageExplainExperiment.explain(planned.within(Hang.AFTER).plan(), new Cancellation());
    }

    private static Fate soon(GatePath path) {
        Prediction now = path.prediction();
        List<Gate> closed = path.gates()
                .stream()
                .filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE)
                .toList();
        List<Gate> staying = closed.stream()
                .filter(gate -> !(isClosedForNow(gate) && OPENING.contains(gate.kind())))
                .toList();
        return now.fate() != Fate.WAITS || staying.size() == closed.size() ? now.fate()
                : staying.isEmpty() ? Fate.TAKEN : switch (staying.getFirst().verdict()) {
                    case HOLDS, NOT_NOW -> Fate.WAITS;
                    case COALESCES -> Fate.MERGES;
                    case DROPS -> Fate.DROPPED;
                    case MISROUTED -> Fate.MISROUTED;
                    case BREAKS -> Fate.BREAKS;
                    case OPEN, NOT_PORTABLE, UNKNOWN -> throw new AssertionError(closed);
                };
    }

    private static boolean isClosedForNow(Gate gate) {
        return gate.verdict() == Verdict.HOLDS || gate.verdict() == Verdict.NOT_NOW;
    }

    /** The run; one that waits in vain ends some time after the injection, for which a busy machine needs more. */
    RunReport run(boolean force) {
        boolean isHeld = fate.filter(Fate.WAITS::equals).isPresent();
        if (!isHeld && !mayHang()) {
            return planned.within(Hang.AFTER).run(force);
        }
        Duration time = HELD;
        RunReport report = planned.within(time).run(force);
        while (report.outcome() == Outcome.TIMED_OUT && time.compareTo(Hang.AFTER) < 0 && isTooEarly(report)) {
            time = time.multipliedBy(2);
            report = planned.within(time).run(force);
        }
        return report;
    }

    /** Whether its delivery needs memory where there is none: KVM ends the guest, or tries it again without end. */
    private boolean mayHang() {
        return fate.filter(Fate.BREAKS::equals).isPresent()
                && gates().stream().anyMatch(gate -> gate.meaning().contains(NO_RAM));
    }

    /**
     * Whether the time was up before it was injected, or before KVM's worker had delivered an eventfd's signal. In a
     * guest that is not idle, the request may be gone.
     */
    private boolean isTooEarly(RunReport report) {
        return mayHang() ? !isOfNoRam(report)
                : report.interrupts().size() == 0 || isIdle && report.ledger().unknown() > 0 && !mayBeUnknown();
    }

    private static boolean isOfNoRam(RunReport report) {
        return report.reason().filter(why -> why.contains(NO_RAM)).isPresent();
    }

    private boolean isForbidden() {
        return explained.explanation().flatMap(that -> that.gates().firstThatForbids()).isPresent();
    }

    /** What the run says otherwise, also with force where one without is refused; empty if it agrees. */
    public Optional<String> disagreement() {
        if (explained.explanation().isEmpty()) {
            RunReport report = run(false);
            return report.outcome() == explained.outcome() ? Optional.empty() : differs(report);
        }
        if (!isForbidden()) {
            return byFate(run(false));
        }
        RunReport refused = run(false);
        return refused.outcome() != Outcome.REFUSED || refused.ledger().refused() != 1 ? differs(refused)
                : explained.explanation().get().gates().isForbiddenNow() ? Optional.empty()
                        : byFate(run(true));
    }

    private Optional<String> byFate(RunReport report) {
        Ledger ledger = report.ledger();
        Outcome outcome = report.outcome();
        boolean agrees = ledger.requested() == 1 && ledger.lost() == 0 && sameGates(report) && switch (fate.get()) {
            case TAKEN -> mayBeUnknown() && ledger.unknown() == 1
                    || outcome == Outcome.TAKEN && ledger.taken() == 1;
            case WAITS -> !isIdle ? ledger.held() + ledger.taken() + ledger.unknown() == 1
                    : outcome == Outcome.TIMED_OUT && ledger.held() == 1 && namesTheGate(report);
            case MERGES -> ledger.coalesced() == 1 && (!isIdle || outcome == Outcome.NOT_TAKEN);
            case DROPPED, MISROUTED -> ledger.refused() == 1
                    && (!isIdle || outcome == Outcome.NOT_TAKEN && namesTheGate(report));
            case BREAKS -> outcome == Outcome.GUEST_CRASHED
                    || mayHang() && ledger.held() == 1 && isOfNoRam(report)
                    || isOfReturn() && outcome == Outcome.TAKEN && report.interrupts().witness(0).isPresent()
                    || hasHandler() && (outcome == Outcome.TAKEN || merges() && ledger.coalesced() == 1);
            case UNKNOWN -> false;
        };
        return agrees ? Optional.empty() : differs(report);
    }

    /**
     * Where the LAPIC ends interrupts by itself, a level of the IOAPIC that is taken looks like one that waits. The
     * counters cannot tell what happened to one that had to wait.
     */
    private boolean mayBeUnknown() {
        return planned.witness().equals(Optional.of(Witness.COUNTERS))
                && explained.explanation().orElseThrow().prediction().fate() != Fate.TAKEN
                || planned.interrupt().trigger() == Trigger.LEVEL
                        && gates().stream().anyMatch(gate -> gate.kind() == GateKind.IOAPIC_REMOTE_IRR)
                        && !(HostDepartures.find(ConformanceProbe.LAPIC_IN_SERVICE) instanceof Finding.Kept);
    }

    /** Whether its handler runs and cannot return, which only a breakpoint at the handler waits for. */
    private boolean isOfReturn() {
        return gates().stream()
                .filter(gate -> gate.verdict() == Verdict.BREAKS)
                .map(Gate::kind)
                .allMatch(EnumSet.of(GateKind.RETURN, GateKind.RETURN_RIGHTS)::contains);
    }

    /** Whether it only arrives at a handler of something else, which may do as well. */
    private boolean hasHandler() {
        return gates().stream()
                .filter(gate -> gate.verdict() == Verdict.BREAKS)
                .map(Gate::kind)
                .allMatch(ELSE::contains);
    }

    private boolean merges() {
        return gates().stream().anyMatch(gate -> gate.verdict() == Verdict.COALESCES);
    }

    private List<Gate> gates() {
        return explained.explanation().orElseThrow().gates().gates();
    }

    private boolean sameGates(RunReport report) {
        return report.gates()
                .before()
                .map(GatePath::prediction)
                .map(Prediction::fate)
                .equals(explained.explanation().map(that -> that.prediction().fate()));
    }

    private boolean namesTheGate(RunReport report) {
        return report.reason().filter(reason -> deciding().stream().anyMatch(reason::contains)).isPresent();
    }

    /** The gates that were not open, by place. */
    private List<String> deciding() {
        return gates().stream()
                .filter(gate -> !gate.isOpen())
                .map(Gate::place)
                .toList();
    }

    private Optional<String> differs(RunReport report) {
        return Optional.of("expected %s%nrun: %s, %s, %s, %s%nexplain: %s, %s".formatted(fate, report.outcome(),
                report.ledger(), report.ending().reason(),
                report.gates().before().map(GatePath::prediction).map(Prediction::fate),
                explained.outcome(), explained.ending().reason()));
    }
}
