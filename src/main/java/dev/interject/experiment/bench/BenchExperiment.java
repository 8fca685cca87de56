package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.UnsupportedPath;
import dev.interject.experiment.bench.BenchReport.BesideC;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * Measures subject by subject: one round for warm-up, then the rounds that count. With the reference, rounds alternate,
 * so that other load on the host affects both equally.
 */
public final class BenchExperiment {

    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private final BenchPlan plan;
    private final Cancellation cancellation;
    private final BenchObserver observer;
    private final Sampler own;
    private final Optional<Reference> reference;

    private BenchExperiment(BenchPlan plan, Cancellation cancellation, BenchObserver observer,
            Optional<Reference> reference) {
        this.plan = plan;
        this.cancellation = cancellation;
        this.observer = observer;
        this.own = new OwnSampler(cancellation);
        this.reference = reference;
    }

    /**
     * Measures what the plan asks for. A host that fails in between ends it; the rows before that stay.
     *
     * @throws SystemCallException       if {@code /dev/kvm} cannot be opened
     * @throws ReferenceMissingException if the reference in C is requested and cannot be built
     */
    public static BenchReport run(BenchPlan plan, Cancellation cancellation, BenchObserver observer) {
        // opened once for its error, which is not that of a path
        Kvm.open().close();
        if (!plan.reference()) {
            return new BenchExperiment(plan, cancellation, observer, Optional.empty()).run();
        }
        try (Reference reference = Reference.build(cancellation)) {
            return new BenchExperiment(plan, cancellation, observer, Optional.of(reference)).run();
        } catch (EndedEarlyException _) { // while it was being built
            return new BenchReport(plan, List.of(), cancellation.isRequested());
        }
    }

    private BenchReport run() {
        List<Subject> subjects = Subject.of(plan);
        List<Row> rows = new ArrayList<>();
        boolean hostFailed = false;
        for (int i = 0; i < subjects.size() && !cancellation.isRequested() && !hostFailed; i++) {
            Row row = row(subjects.get(i), i + 1, subjects.size());
            if (!cancellation.isRequested()) {
                rows.add(row);
            }
            hostFailed = row instanceof Row.Failed failed && failed.outcome() == Outcome.HOST_UNABLE;
        }
        return new BenchReport(plan, rows, cancellation.isRequested());
    }

    private Row row(Subject subject, int number, int of) {
        try {
            return measure(subject, number, of);
        } catch (UnsupportedKvmException missing) {
            return new Row.Unsupported(subject, missing.getMessage());
        } catch (EndedEarlyException early) {
            return new Row.Failed(subject, early.ending().outcome(), early.getMessage());
        } catch (SystemCallException failed) {
            return UnsupportedPath.ofAPath(failed)
                    ? new Row.Unsupported(subject, failed.getMessage())
                    : new Row.Failed(subject, Outcome.HOST_UNABLE, failed.getMessage());
        }
    }

    private Row measure(Subject subject, int number, int of) {
        int warmUp = plan.warmUpTurns(subject.measure());
        int turns = plan.turns(subject.measure());
        int quantities = subject.measure().quantities().size();
        List<Series> ownSeries = series(quantities);
        List<Series> referenceSeries = series(quantities);
        OptionalDouble injecting = OptionalDouble.empty();
        OptionalDouble vcpu = OptionalDouble.empty();
        for (int round = 0; round <= plan.rounds(); round++) {
            observer.round(subject, number, of, round, own.name());
            Round mine = own.round(subject, warmUp, round == 0 ? plan.turnsOfTheWarmUpRound(subject) : turns);
            add(mine, ownSeries, round, warmUp);
            if (round > 0) {
                injecting = least(injecting, mine.injecting());
                vcpu = least(vcpu, mine.vcpu());
            }
            if (reference.isPresent()) {
                observer.round(subject, number, of, round, reference.get().name());
                add(reference.get().round(subject, warmUp, turns), referenceSeries, round, warmUp);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < quantities; i++) {
            Series ownTimes = ownSeries.get(i);
            Series cTimes = referenceSeries.get(i);
            figures.add(new Figure(subject.measure().quantities().get(i), ownTimes.all(), ownTimes.warmUp(),
                    reference.map(_ -> new BesideC(cTimes.all(), ownTimes.to(cTimes, MEDIAN),
                            ownTimes.to(cTimes, P99)))));
        }
        return new Row.Measured(subject, figures, injecting, vcpu);
    }

    private static OptionalDouble least(OptionalDouble one, OptionalDouble other) {
        return one.isEmpty() || other.isPresent() && other.getAsDouble() < one.getAsDouble() ? other : one;
    }

    private static List<Series> series(int count) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            series.add(new Series());
        }
        return series;
    }

    private static void add(Round round, List<Series> series, int number, int warmUp) {
        for (int i = 0; i < series.size(); i++) {
            if (number == 0) {
                series.get(i).addWarmUp(round.columns()[i]);
            } else {
                series.get(i).add(round.columns()[i], warmUp);
            }
        }
    }
}
