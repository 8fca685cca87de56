package dev.interject.experiment.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.Run;
import dev.interject.experiment.sweep.SweepExperiment;
import dev.interject.experiment.sweep.SweepPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A combination that cannot work is refused, and does not end as an error of the host. */
@RequiresKvm
class EveryCombinationTest {

    private static final Duration SHORT = Duration.ofMillis(500);

    private static final List<BuiltinGuest> GUESTS =
            List.of(BuiltinGuest.PIC, BuiltinGuest.APIC, BuiltinGuest.DEAF);

    private static Stream<Arguments> combinations() {
        return Arrays.stream(Irqchip.values())
                .flatMap(irqchip -> Route.all()
                        .stream()
                        .flatMap(path -> GUESTS.stream().map(guest -> Arguments.of(irqchip, path, guest))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void combinationOfIrqchipPathAndGuest_isNotAnErrorOfTheHost(Irqchip irqchip, Route path, BuiltinGuest guest) {
        RunPlan run = Run.on(irqchip).path(path).guest(guest).count(1).timeout(SHORT).plan();

        assertThat(explain(run)).isNotEqualTo(Outcome.HOST_UNABLE);
        assertThat(sweep(run)).isNotEqualTo(Outcome.HOST_UNABLE);
    }

    @ParameterizedTest
    @EnumSource
    void vectorByNumber_isNotAnErrorOfTheHost(Irqchip irqchip) {
        RunPlan run = Run.on(irqchip).vector(0x41).count(1).timeout(SHORT).plan();

        assertThat(explain(run)).isNotEqualTo(Outcome.HOST_UNABLE);
        assertThat(sweep(run)).isNotEqualTo(Outcome.HOST_UNABLE);
    }

    private static Outcome explain(RunPlan run) {
        ExplainPlan plan = new ExplainPlan(run, 1, Optional.empty(), OptionalInt.empty(), Optional.empty());
        return ExplainExperiment.explain(plan, new Cancellation()).outcome();
    }

    private static Outcome sweep(RunPlan run) {
        return SweepExperiment.sweep(new SweepPlan(run, "sleep", 1, false), new Cancellation()).outcome();
    }
}
