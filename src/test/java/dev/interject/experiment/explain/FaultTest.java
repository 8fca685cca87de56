package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.run.Trial;
import dev.interject.experiment.run.Trial.Happened;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.machine.FrozenVcpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault of the catalogue is explained by its gate, and the prediction is what happens. */
@RequiresKvm
class FaultTest {

    /** However slow the host is. */
    private static ExplainReport explain(ExplainPlan plan) {
        return ExplainExperiment.explain(plan.withTimeout(Optional.of(Hang.AFTER)), new Cancellation());
    }

    @Test
    void catalogue_hasAtLeastForty() {
        assertThat(Fault.values()).hasSizeGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @EnumSource
    void fault_isExplainedByItsGate(Fault fault) {
        ExplainReport report = explain(ExplainPlan.of(fault));

        Explanation explanation = report.explanation().orElseThrow();
        Fate fate = fateOnThisHost(fault);
        assertThat(explanation.prediction().fate()).isEqualTo(fate);
        assertThat(explanation.prediction().because().map(Gate::kind))
                .isEqualTo(fate == Fate.TAKEN ? Optional.empty() : Optional.of(fault.shows()));
        assertThat(fate != fault.fate()).isEqualTo(HostDepartures.probeOf(fault.shows())
                .filter(probe -> explanation.departures().stream().anyMatch(note -> note.contains(probe.title())))
                .isPresent());
        assertThat(explanation.gates().gates())
                .allSatisfy(gate -> assertThat(gate.fix().isEmpty()).isEqualTo(gate.isOpen()));
    }

    /** Without what its scenario sets, the guest is in no handler of an NMI. */
    @Test
    void faultThatIsNotReached_isNotExplained() {
        ExplainPlan plan = new ExplainPlan(Fault.NMI_IN_NMI.scenario().base(), 0, Optional.empty(),
                OptionalInt.empty(), Optional.of(Fault.NMI_IN_NMI));

        ExplainReport report = explain(plan);

        assertThat(report.outcome()).isEqualTo(Outcome.HOST_UNABLE);
        assertThat(report.outcome().exitCode()).isEqualTo(3);
        assertThat(report.ending().reason()).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("the guest did not get into the situation of fault nmi-in-nmi on this host: vCPU, NMI")
                .hasLineCount(1));
        assertThat(report.explanation()).isEmpty();
    }

    /** A host that does not check what the fault is about takes the interrupt, and explain says so. */
    private static Fate fateOnThisHost(Fault fault) {
        boolean departs =
                HostDepartures.probeOf(fault.shows())
                        .map(ConformanceProbe::probe)
                        .orElse(null) instanceof Finding.Departs;
        return departs ? Fate.TAKEN : fault.fate();
    }

    @ParameterizedTest
    @EnumSource
    void prediction_isConfirmedByTheGuest(Fault fault) {
        FaultScenario scenario = fault.scenario();
        try (Trial trial = new Trial(scenario.run())) {
            if (scenario.first()) {
                trial.setUp(vcpu -> set(scenario, vcpu));
            }
            if (scenario.after() > 0) {
                trial.take(scenario.after());
            }
            Mailbox mailbox = trial.machine().vcpu(trial.target().vcpu()).mailbox();
            long spurious = mailbox.spurious();
            SortedMap<Integer, Long> before = mailbox.takenByVector();

            Prediction prediction = trial.predictAndInject(scenario.first() ? vcpu -> {} : vcpu -> set(scenario, vcpu));

            long taken = trial.path().leadsToAVector() ? before.getOrDefault(trial.path().vector(), 0L) : 0;
            assertThat(trial.happened(taken, spurious)).as("%s: %s", fault, prediction)
                    .isIn(expected(prediction));
        }
    }

    private static void set(FaultScenario scenario, FrozenVcpu vcpu) {
        scenario.run().machine().situation().settings().forEach(setting -> setting.apply(vcpu));
    }

    /** Gates that open by themselves: the interrupt may have been taken before the result is read. */
    private static final Set<GateKind> TRANSIENT = EnumSet.of(GateKind.SHADOW, GateKind.NMI_MASK, GateKind.EVENT_QUEUE);

    private static Set<Happened> expected(Prediction prediction) {
        if (prediction.because().map(gate -> TRANSIENT.contains(gate.kind())).orElse(false)) {
            return EnumSet.of(Happened.WAITS, Happened.TAKEN);
        }
        return switch (prediction.fate()) {
            case TAKEN -> EnumSet.of(Happened.TAKEN);
            case BREAKS -> EnumSet.of(Happened.BROKE);
            case WAITS, MERGES -> EnumSet.of(Happened.WAITS);
            case DROPPED -> EnumSet.of(Happened.NOTHING);
            case UNKNOWN -> throw new AssertionError(prediction);
            // it may get lost, stay in an IRR, or reach a guest that does not expect it
            case MISROUTED -> EnumSet.complementOf(EnumSet.of(Happened.TAKEN));
        };
    }
}
