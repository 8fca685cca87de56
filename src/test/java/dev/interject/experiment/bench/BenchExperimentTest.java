package dev.interject.experiment.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;

/** Measurements of real guests; the values themselves are not asserted. */
@RequiresKvm
class BenchExperimentTest {

    private static BenchPlan plan(Irqchip irqchip, Route path, Measure measure) {
        return new BenchPlan(Optional.of(irqchip), Optional.of(path), Optional.empty(), EnumSet.of(measure), 30, 2,
                false);
    }

    private static List<Figure> figures(BenchPlan plan) {
        BenchReport report = BenchExperiment.run(plan, new Cancellation(), BenchObserver.NONE);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.TAKEN);
        return report.rows().stream().flatMap(row -> ((Row.Measured) row).figures().stream()).toList();
    }

    @Test
    void roundTrip_includesTheTimeToTheHandler() {
        List<Figure> figures = figures(plan(Irqchip.KERNEL, Route.MSI, Measure.LATENCY));

        assertThat(figures).extracting(Figure::quantity)
                .containsExactly(Quantity.INJECTION, Quantity.HANDLER, Quantity.ROUND_TRIP, Quantity.INJECTION,
                        Quantity.HANDLER, Quantity.ROUND_TRIP);
        assertThat(figures.get(1).times().at(50)).isPositive().isLessThan(figures.get(2).times().at(50));
        assertThat(figures.get(4).times().at(50)).isPositive().isLessThan(figures.get(5).times().at(50));
    }

    @Test
    void warmUp_isSeparate() {
        List<Figure> figures = figures(plan(Irqchip.KERNEL, Route.LINE, Measure.KICK));

        assertThat(figures).hasSize(2).allSatisfy(figure -> {
            assertThat(figure.times().count()).isEqualTo(2 * 30);
            assertThat(figure.warmUp().count()).isEqualTo(3 + 30 + 2 * 3);
        });
    }

    @Test
    void window_isMeasuredForVectorsFromUserSpace() {
        assertThat(figures(plan(Irqchip.USERSPACE, Route.VECTOR, Measure.WINDOW))).singleElement()
                .extracting(Figure::quantity)
                .isEqualTo(Quantity.WINDOW);
        assertThat(plan(Irqchip.KERNEL, Route.LINE, Measure.WINDOW).measuresAnything()).isFalse();
    }

    @Test
    void restore_isMeasuredOncePerIrqchip() {
        BenchPlan plan = new BenchPlan(Optional.empty(), Optional.empty(), Optional.empty(),
                EnumSet.of(Measure.RESTORE), 20, 1, false);

        assertThat(Subject.of(plan)).extracting(subject -> subject.path().routeCase().irqchip())
                .containsExactly(Irqchip.values());
        assertThat(figures(plan)).hasSize(3).allSatisfy(figure -> {
            assertThat(figure.quantity()).isEqualTo(Quantity.RESTORE);
            assertThat(figure.times().count()).isEqualTo(2);
            assertThat(figure.times().min()).isPositive();
        });
    }

    @Test
    void load_selectsTheStateOfTheVcpu() {
        BenchPlan busy = new BenchPlan(Optional.of(Irqchip.SPLIT), Optional.of(Route.MSI), Optional.of(Load.BUSY),
                EnumSet.of(Measure.LATENCY, Measure.START), 5, 1, false);

        assertThat(Subject.of(busy)).singleElement().extracting(Subject::load).isEqualTo(Load.BUSY);
        assertThat(figures(busy)).hasSize(3);
    }

    @Test
    void guestThatOnlyCounts_isObservedInMemory() {
        assertThat(figures(plan(Irqchip.SPLIT, Route.IPI, Measure.THROUGHPUT))).singleElement()
                .satisfies(figure -> assertThat(figure.times().count()).isEqualTo(60));
    }

    @Test
    void observer_seesEveryRoundTheFirstAsWarmUp() {
        StringBuilder told = new StringBuilder();
        BenchExperiment.run(plan(Irqchip.KERNEL, Route.NMI, Measure.START), new Cancellation(),
                (subject, number, of, round, who) -> told.append(number + "/" + of + " " + round + " " + who + "; "));

        assertThat(told).hasToString("1/1 0 Interject; 1/1 1 Interject; 1/1 2 Interject; ");
    }

    @Test
    void manyVms_areCountedAtPowersOfTwoAndTheEnd() {
        VmsReport report = VmsExperiment.run(5, 1, new Cancellation(), round -> {});

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.rows()).extracting(VmsReport.Row::vms).containsExactly(1, 2, 4, 5);
        assertThat(report.rows()).allSatisfy(row -> {
            assertThat(row.nanosEach()).isPositive();
            assertThat(row.togetherNanos()).isPositive();
        });
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().startsWith("vcpu"));
    }

    @Test
    void steadyState_allocatesAtMost64BytesACall() {
        BenchPlan plan = new BenchPlan(Optional.of(Irqchip.USERSPACE), Optional.empty(),
                Optional.empty(), Set.of(Measure.LATENCY), 100, 3, false);

        BenchReport report = BenchExperiment.run(plan, new Cancellation(), BenchObserver.NONE);

        assertThat(report.rows()).isNotEmpty().allSatisfy(row -> {
            // system calls of an interrupt: at most 2 by the injecting thread, at most 8 by the vCPU's
            Row.Measured measured = (Row.Measured) row;
            assertThat(measured.injecting().orElseThrow()).as(row.subject().toString()).isBetween(0.0, 128.0);
            assertThat(measured.vcpu().orElseThrow()).as(row.subject().toString()).isBetween(0.0, 512.0);
        });
    }
}
