package dev.interject.experiment.bench;

import static dev.interject.experiment.InvalidValueException.requireWithin;

import java.util.Optional;
import java.util.Set;

import dev.interject.experiment.InvalidValueException;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;

/**
 * What to measure.
 *
 * @param irqchip   the only irqchip; empty for all
 * @param path      the only path; empty for all
 * @param load      the only state of the vCPU; empty for all that make a difference
 * @param measures  one or more
 * @param count     turns in a round after its warm-up, 1 to 200,000
 * @param rounds    after the warm-up round, 1 to 1000
 * @param reference whether rounds alternate with the reference in C
 */
public record BenchPlan(Optional<Irqchip> irqchip, Optional<Route> path, Optional<Load> load, Set<Measure> measures,
        int count, int rounds,
        boolean reference) {

    private static final int MOST_TURNS = 200_000;
    private static final int MOST_ROUNDS = 1000;

    /** A round begins with a tenth as many turns for warm-up, which are shown separately. */
    private static final int WARM_UP_SHARE = 10;

    /** The warm-up round has at most ten turns for each one that counts. */
    private static final int MOST_WARM_UP = 10;

    public BenchPlan {
        measures = Set.copyOf(measures);
        if (measures.isEmpty()) {
            throw new InvalidValueException("measures", "must be one or more");
        }
        requireWithin("count", count, 1, MOST_TURNS);
        requireWithin("rounds", rounds, 1, MOST_ROUNDS);
    }

    /** Whether any subject fits the plan. */
    public boolean measuresAnything() {
        return !Subject.of(this).isEmpty();
    }

    /** Whether the plan asks for this path. */
    public boolean includes(BenchPath candidate) {
        return irqchip.map(only -> candidate.routeCase().irqchip() == only).orElse(true)
                && path.map(only -> candidate.routeCase().route() == only).orElse(true);
    }

    int turns(Measure measure) {
        return measure.turns(count);
    }

    int warmUpTurns(Measure measure) {
        return Math.ceilDiv(turns(measure), WARM_UP_SHARE);
    }

    /** Until the JVM has compiled what the subject calls, but no more than its figures are worth. C needs none. */
    int turnsOfTheWarmUpRound(Subject subject) {
        int turns = turns(subject.measure());
        return (int) Math.max(turns, Math.min(subject.turnsUntilCompiled(), (long) MOST_WARM_UP * turns * rounds));
    }
}
