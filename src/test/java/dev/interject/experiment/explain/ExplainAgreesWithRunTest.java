package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain} and {@code run} never disagree: every guest, path and irqchip, and lines that are special. */
@RequiresKvm
class ExplainAgreesWithRunTest {

    /** For a run that is predicted to be waited for in vain. */
    private static final Duration IN_VAIN = Duration.ofMillis(150);
    private static final Set<Fate> HELD = EnumSet.of(Fate.WAITS, Fate.MERGES, Fate.DROPPED);
    /** Guests that open to interrupts by themselves, and so take one that had to wait. */
    private static final Set<BuiltinGuest> OPENING = EnumSet.of(BuiltinGuest.LATE, BuiltinGuest.BUSY);

    static Stream<RunPlan> plans() {
        List<RunPlan> plans = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            for (BuiltinGuest guest : BuiltinGuest.values()) {
                for (Route path : Route.all()) {
                    plans.add(plan(irqchip, guest, InterruptChoice.by(path)));
                }
            }
            for (BuiltinGuest guest : List.of(BuiltinGuest.PIC, BuiltinGuest.APIC)) {
                for (Route path : Route.taking(RouteParameter.LINE)) {
                    Stream.of(2, 4, 16, 20, 24)
                            .map(line -> choice(path, line, Trigger.EDGE))
                            .map(choice -> plan(irqchip, guest, choice))
                            .forEach(plans::add);
                    Stream.of(2, 8, 10, 20)
                            .map(line -> choice(path, line, Trigger.LEVEL))
                            .map(choice -> plan(irqchip, guest, choice))
                            .forEach(plans::add);
                }
                for (Route path : Route.taking(RouteParameter.ADDRESS)) {
                    Stream.of(0xfed00000, 0xfee01000, 0xfeeff000)
                            .map(address -> InterruptChoice.by(path).withAddress(address))
                            .map(choice -> plan(irqchip, guest, choice))
                            .forEach(plans::add);
                }
            }
        }
        return plans.stream();
    }

    /** Messages and IPIs to one or several of three vCPUs, or to none. */
    static Stream<RunPlan> plansForSeveralVcpus() {
        List<InterruptChoice> choices = new ArrayList<>();
        for (int address : new int[]{0xfee01000, 0xfee05000, 0xfeeff000, 0xfeeff00c, 0xfeeff004, 0xfee03004}) {
            choices.add(InterruptChoice.by(Route.MSI).withAddress(address));
        }
        for (int data : new int[]{0x450, 0x150, 0xc050, 0x550, 0x750, 0x0f}) {
            choices.add(InterruptChoice.by(Route.MSI)
                    .with(
                            new MessageChoice(OptionalInt.empty(), OptionalInt.of(data), OptionalLong.empty())));
        }
        for (long icr : new long[]{0x44050, 0x84050, 0xc4050, 0x01L << 56 | 0x4050, 0xffL << 56 | 0x4050,
            0x05L << 56 | 0x4050, 0x01L << 56 | 0x4500, 0x4500, 0x01L << 56 | 0x4600, 0x01L << 56 | 0x4400,
            0x01L << 56 | 0x8050, 0x01L << 56 | 0x4150, 0xc400}) {
            choices.add(InterruptChoice.by(Route.IPI)
                    .with(
                            new MessageChoice(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.of(icr))));
        }
        return choices.stream()
                .flatMap(choice -> Stream.of(Irqchip.KERNEL, Irqchip.SPLIT)
                        .map(irqchip -> RunPlan
                                .on(new MachineChoice(irqchip, Optional.empty(), 3, OptionalInt.empty(),
                                        Situation.NONE))
                                .with(choice)
                                .with(Pace.oneByOne(2))));
    }

    @ParameterizedTest
    @MethodSource("plansForSeveralVcpus")
    void runWithSeveralVcpus_doesWhatExplainPredicts(RunPlan plan) {
        run_doesWhatExplainPredicts(plan);
    }

    private static InterruptChoice choice(Route path, int line, Trigger trigger) {
        return InterruptChoice.by(path).withLine(line).withTrigger(trigger);
    }

    private static RunPlan plan(Irqchip irqchip, BuiltinGuest guest, InterruptChoice choice) {
        return RunPlan.on(MachineChoice.of(irqchip, guest)).with(choice).with(Pace.oneByOne(1));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void run_doesWhatExplainPredicts(RunPlan plan) {
        ExplainReport explained = ExplainExperiment.explain(
                new ExplainPlan(plan, 0, Optional.empty(), OptionalInt.empty(), Optional.empty())
                        .withTimeout(Optional.of(Hang.AFTER)),
                new Cancellation());
        boolean mayOpen = plan.effectivePath().isTimer() || OPENING.contains(plan.effectiveGuest());
        boolean isInVain = !mayOpen && explained.explanation()
                .map(explanation -> HELD.contains(explanation.prediction().fate()))
                .orElse(false);
        RunPlan bounded = !isInVain ? plan
                : new RunPlan(plan.machine(), plan.interrupt(), plan.pace(), Conduct.within(Optional.of(IN_VAIN)));
        RunReport report = RunExperiment.run(bounded);

        assertThat(report.outcome()).as("%s; %s: %s", report.ending().reason(),
                explained.explanation().map(Explanation::prediction), explained.ending().reason())
                .isIn(expected(explained, mayOpen, report));
    }

    /** A level through the IOAPIC interrupts once too often if the LAPIC ends an interrupt by itself. */
    private static boolean isTakenTooOften(RunReport report) {
        return report.request().interrupt().trigger() == Trigger.LEVEL && report.ledger().extra() > 0
                && ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Departs;
    }

    private static Set<Outcome> expected(ExplainReport explained, boolean mayOpen, RunReport report) {
        if (explained.outcome() == Outcome.TAKEN && isTakenTooOften(report)) {
            return EnumSet.of(Outcome.NOT_TAKEN);
        }
        if (explained.outcome() != Outcome.NOT_TAKEN) {
            return EnumSet.of(explained.outcome());
        }
        Fate fate = explained.explanation().orElseThrow().prediction().fate();
        return switch (fate) {
            case TAKEN -> EnumSet.of(Outcome.TAKEN);
            case WAITS, MERGES -> mayOpen ? EnumSet.of(Outcome.TAKEN, Outcome.TIMED_OUT, Outcome.REFUSED)
                    : EnumSet.of(Outcome.TIMED_OUT, Outcome.NOT_TAKEN, Outcome.REFUSED);
            case DROPPED -> EnumSet.of(Outcome.TIMED_OUT, Outcome.NOT_TAKEN, Outcome.REFUSED);
            case MISROUTED, BREAKS -> EnumSet.of(Outcome.REFUSED);
            case UNKNOWN -> throw new AssertionError(explained);
        };
    }
}
