package dev.interject.experiment.bench;

import java.util.OptionalDouble;

/**
 * What one round gave.
 *
 * @param columns   of each quantity of the measure its times, in nanoseconds, in the order in which they were taken
 * @param injecting bytes that the injecting thread allocated for each interrupt, behind the warm-up; empty where that
 *                  was not counted
 * @param vcpu      the same of the vCPU's thread
 */
record Round(long[][] columns, OptionalDouble injecting, OptionalDouble vcpu) {

    static Round of(long[]... columns) {
        return new Round(columns, OptionalDouble.empty(), OptionalDouble.empty());
    }
}
