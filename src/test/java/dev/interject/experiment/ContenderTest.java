package dev.interject.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import dev.interject.RequiresKvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way into a guest, by itself. */
@RequiresKvm
class ContenderTest {

    private static final int COUNT = 500;

    static List<Contender> ways() {
        return Contender.all();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void run_takesAllAndLosesNone(Contender way) {
        RunReport report = RunExperiment.run(way.plan(COUNT, Optional.empty()), new Cancellation(), RunObserver.NONE);

        assertThat(report.reason()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.ledger().taken()).isEqualTo(COUNT);
        assertThat(report.ledger().lost()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void run_isWitnessedByKvmsOwnCounters(Contender way) {
        RunReport report = RunExperiment.run(way.plan(COUNT, Optional.empty()), new Cancellation(), RunObserver.NONE);

        long counted = report.witness().rises().get("irq_injections") + report.witness().rises().get("nmi_injections");
        // an entry that was cancelled is counted again, so more are no contradiction, but are told; fewer would be one
        assertThat(counted).isGreaterThanOrEqualTo(COUNT);
        assertThat(report.notes()).hasSize(counted == COUNT ? 0 : 1);
    }
}
