package dev.interject.experiment.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Explanation;
import dev.interject.experiment.explain.ImageExplainExperiment;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain} and {@code run} of an image never disagree about the first interrupt at a symbol. */
@RequiresKvm
class ImageExplainAgreesWithRunTest {

    /** For one that is predicted to wait in vain. */
    private static final Duration IN_VAIN = Duration.ofMillis(1500);
    private static final List<String> SETTINGS = List.of("cpu.if=1", "cpu.if=0", "pic.master.imr=0xff",
            "pic.master.isr=0x10", "pic.master.irr=0x10", "pic.master.base=8", "idt[0x24].present=0");
    private static final List<String> OF_LAPIC =
            List.of("lapic.tpr=0xf0", "lapic.irr=0x24", "lapic.lvt0=0x10700", "lapic.irr=0x50");

    static Stream<ImageRuns> runs() {
        List<ImageRuns> runs = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            for (String image : List.of("sleeps", "controllers", "shared-stub", "protected")) {
                String symbol = image.equals("protected") ? "asleep" : "idle";
                ImageRuns line = ImageRuns.ofLine(image, irqchip, 4).at(Moment.At.symbol(symbol)).count(1);
                runs.add(line);
                SETTINGS.stream().map(line::set).forEach(runs::add);
                if (irqchip.hasLapicInKernel()) {
                    OF_LAPIC.stream().map(line::set).forEach(runs::add);
                }
            }
            Stream<InterruptChoice> others = irqchip.hasLapicInKernel()
                    ? Stream.of(InterruptChoice.by(Route.MSI).withVector(0x50), InterruptChoice.by(Route.NMI),
                            InterruptChoice.by(Route.LINE).withLine(20), InterruptChoice.by(Route.MSI).withVector(0x0f))
                    : Stream.of(InterruptChoice.by(Route.VECTOR).withVector(0x50), InterruptChoice.by(Route.NMI));
            others.map(other -> ImageRuns.of("controllers", irqchip, other).at(Moment.At.symbol("idle")).count(1))
                    .flatMap(run -> Stream.of(run, run.set("cpu.if=1"), run.set("idt[0x50].present=0")))
                    .forEach(runs::add);
        }
        return runs.stream();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void run_doesWhatIsExplained(ImageRuns planned) {
        ExplainReport explained = ImageExplainExperiment.explain(planned.plan(), new Cancellation());
        RunReport report = planned.within(explained.outcome() == Outcome.TAKEN ? Duration.ofSeconds(20) : IN_VAIN)
                .run();

        assertThat(isAsExplained(explained, report))
                .as("explain: %s %s; run: %s %s %s", explained.outcome(), explained.reason(), report.outcome(),
                        report.ledger(), report.reason())
                .isTrue();
    }

    private static boolean isAsExplained(ExplainReport explained, RunReport report) {
        Explanation explanation = explained.explanation().orElseThrow();
        if (explanation.gates().firstThatForbids().isPresent()) {
            return report.outcome() == Outcome.REFUSED;
        }
        Fate fate = explanation.prediction().fate();
        Ledger ledger = report.ledger();
        return switch (fate) {
            case TAKEN -> report.outcome() == Outcome.TAKEN && ledger.taken() == 1;
            // the guest may open by itself, or clear what waits
            case WAITS -> ledger.held() + ledger.taken() + ledger.unknown() == 1;
            case MERGES -> ledger.coalesced() == 1;
            case DROPPED, MISROUTED -> ledger.refused() == 1;
            case BREAKS -> report.outcome() == Outcome.REFUSED || report.outcome() == Outcome.GUEST_CRASHED;
            case UNKNOWN -> throw new AssertionError(fate);
        };
    }
}
