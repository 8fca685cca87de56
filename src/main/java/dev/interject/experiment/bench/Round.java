package dev.interject.experiment.bench;

import java.util.OptionalDouble;

/**
 * The times of one round.
 *
 * @param columns   for each quantity of the measure the times in nanoseconds, in order
 * @param injecting bytes that the injecting thread allocated for each interrupt after the warm-up; empty if not counted
 * @param vcpu      the same for the vCPU's thread
 */
record Round(long[][] columns, OptionalDouble injecting, OptionalDouble vcpu) {

    static Round of(long[]... columns) {
        return new Round(columns, OptionalDouble.empty(), OptionalDouble.empty());
    }
}
