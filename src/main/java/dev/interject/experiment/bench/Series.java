package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;

/** One quantity over all rounds of one sampler. */
final class Series {

    private final Distribution all = new Distribution();
    private final Distribution warmUp = new Distribution();
    private final List<Distribution> rounds = new ArrayList<>();

    /** Adds the times of the warm-up round. */
    void addWarmUp(long[] times) {
        warmUp.add(times, 0, times.length);
    }

    /** Adds the times of a round that begins with {@code warmUpTurns} for warm-up. */
    void add(long[] times, int warmUpTurns) {
        warmUp.add(times, 0, warmUpTurns);
        all.add(times, warmUpTurns, times.length);
        Distribution round = new Distribution();
        round.add(times, warmUpTurns, times.length);
        rounds.add(round);
    }

    Distribution all() {
        return all;
    }

    Distribution warmUp() {
        return warmUp;
    }

    /** The per-round ratios to another series at a percentile. */
    Ratio to(Series other, double percent) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add((double) rounds.get(i).at(percent) / Math.max(1, other.rounds.get(i).at(percent)));
        }
        return Ratio.of(ratios);
    }
}
