package dev.interject.experiment.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.PieceOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that are saved and restored on the real KVM. */
@RequiresKvm
class RestoreExperimentTest {

    /** As many rounds as the handler of a guest has instructions, and some. */
    private static final int ROUNDS = 30;

    @ParameterizedTest
    @EnumSource
    void recommendedOrder_keepsEverything(PendingSituation situation) {
        RestoreReport report = restore(situation, PieceOrder.recommended(), ROUNDS);

        assertThat(report.outcome()).as("%s %s", report.reason(), report.unchanged()).isEqualTo(Outcome.TAKEN);
        assertThat(report.unchanged()).allSatisfy(row -> assertThat(row.tried()).isEqualTo(ROUNDS));
    }

    private static RestoreReport restore(PendingSituation situation, PieceOrder order, int count) {
        return RestoreExperiment.run(new RestorePlan(List.of(situation), Set.of(Irqchip.values()), order, count, false,
                Optional.empty()), new Cancellation(), _ -> {});
    }
}
