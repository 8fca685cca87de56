package dev.interject.experiment.bench;

import java.util.Optional;
import java.util.Set;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;

/**
 * What is to be measured.
 *
 * @param irqchip   this one only; empty: all
 * @param path      this one only; empty: all
 * @param load      with the vCPU in this state only; empty: in each that makes a difference
 * @param measures  what of each
 * @param count     turns in a round, beyond those of its warm-up; 1 or more
 * @param rounds    1 or more
 * @param reference whether the program in C is measured as well, round by round in turn
 */
public record BenchPlan(Optional<Irqchip> irqchip, Optional<Route> path, Optional<Load> load, Set<Measure> measures,
        int count, int rounds,
        boolean reference) {

    /** A tenth of a round on top, at its beginning, tells how a new VM warms up, and is kept apart. */
    private static final int WARM_UP_SHARE = 10;

    public BenchPlan {
        measures = Set.copyOf(measures);
    }

    /** Whether there is anything that it asks for. */
    public boolean measuresAnything() {
        return !Subject.of(this).isEmpty();
    }

    /** Whether it asks for this way. */
    public boolean includes(BenchPath way) {
        return irqchip.map(only -> way.irqchip() == only).orElse(true)
                && path.map(only -> way.path() == only).orElse(true);
    }

    int turns(Measure measure) {
        return measure.turns(count);
    }

    int warmUpTurns(Measure measure) {
        return Math.ceilDiv(turns(measure), WARM_UP_SHARE);
    }
}
