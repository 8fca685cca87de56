package dev.interject.experiment.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.route.RouteCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each case of compare by itself. */
@RequiresKvm
class CompareCaseTest {

    private static final int COUNT = 500;

    /** All cases, but a level at the IOAPIC only if a probe finds that this host ends it at the guest's EOI. */
    static List<RouteCase> cases() {
        boolean faithful = ConformanceProbe.IOAPIC_RESAMPLE.probe() instanceof Finding.Kept;
        return RouteCase.all().stream().filter(routeCase -> faithful || !routeCase.needsFaithfulEoi()).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void run_takesAllAndLosesNone(RouteCase routeCase) {
        RunReport report = RunExperiment.run(CompareExperiment.plan(routeCase, COUNT, Optional.of(Hang.AFTER)),
                new Cancellation(), RunObserver.NONE, RunTrace.none());

        assertThat(report.reason()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.ledger().taken()).isEqualTo(COUNT);
        assertThat(report.ledger().lost()).isZero();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void run_agreesWithKvmsCounters(RouteCase routeCase) {
        RunReport report = RunExperiment.run(CompareExperiment.plan(routeCase, COUNT, Optional.of(Hang.AFTER)),
                new Cancellation(), RunObserver.NONE, RunTrace.none());

        OptionalLong surplus = report.observed().counters().surplus();
        // An entry that was cancelled is counted again, and what APICv or AVIC delivers is not counted at all. Where
        // KVM itself injects, it cannot have counted fewer; and any disagreement is reported.
        assertThat(surplus).as("counters of this kernel").isPresent();
        assertThat(surplus.getAsLong()).isGreaterThanOrEqualTo(usesLapic(routeCase) ? -COUNT : 0);
        assertThat(report.remarks().notes())
                .allSatisfy(note -> assertThat(note).containsAnyOf("_injections rose by", "ticks that arrived while"))
                .filteredOn(note -> note.contains("_injections rose by"))
                .hasSize(surplus.getAsLong() == 0 ? 0 : 1);
    }

    private static boolean usesLapic(RouteCase routeCase) {
        return routeCase.guest() != BuiltinGuest.PIC;
    }
}
