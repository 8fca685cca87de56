package dev.interject.experiment.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.interject.experiment.Outcome;

/**
 * What was measured.
 *
 * @param rows in the order of measuring; fewer than there are subjects where the user ended it
 */
public record BenchReport(BenchPlan plan, List<Row> rows, boolean interrupted) implements BenchResult {

    public BenchReport {
        rows = List.copyOf(rows);
    }

    /** What became of one subject. */
    public sealed interface Row {

        Subject subject();

        /**
         * It was measured.
         *
         * @param figures   one for each quantity of its measure
         * @param injecting bytes that the injecting thread allocated for each interrupt in the best of the rounds: what
         *                  allocates does so in each; empty where that is not counted
         * @param vcpu      the same of the vCPU's thread
         */
        record Measured(Subject subject, List<Figure> figures, OptionalDouble injecting, OptionalDouble vcpu)
                implements
                    Row {

            public Measured {
                figures = List.copyOf(figures);
            }
        }

        /** This host does not have it. */
        record Unsupported(Subject subject, String reason) implements Row {}

        /** The guest did not do its part. */
        record Failed(Subject subject, Outcome outcome, String reason) implements Row {}
    }

    /**
     * One quantity of one subject.
     *
     * @param times   of all rounds, without their warm-up
     * @param warmUp  the first round, and what the others began with
     * @param besideC the same of the reference; empty where that was not measured
     */
    public record Figure(Quantity quantity, Distribution times, Distribution warmUp, Optional<BesideC> besideC) {}

    /**
     * Beside the reference.
     *
     * @param times  its times
     * @param median Interject's median by its
     * @param p99    the same of the 99th percentile
     */
    public record BesideC(Distribution times, Ratio median, Ratio p99) {}

    /** All were measured that this host has; else the first other outcome. */
    @Override
    public Outcome outcome() {
        if (interrupted) {
            return Outcome.INTERRUPTED;
        }
        boolean any = false;
        for (Row row : rows) {
            switch (row) {
                case Row.Measured _ -> any = true;
                case Row.Unsupported _ -> {
                    // said in its row
                }
                case Row.Failed failed -> {
                    return failed.outcome();
                }
            }
        }
        return any ? Outcome.TAKEN : Outcome.HOST_UNABLE;
    }

    @Override
    public Optional<String> reason() {
        Optional<String> failed = rows.stream()
                .filter(Row.Failed.class::isInstance)
                .map(Row.Failed.class::cast)
                .map(row -> "%s: %s: %s".formatted(row.subject(), row.outcome().label(), row.reason()))
                .findFirst();
        return failed.or(() -> outcome() == Outcome.HOST_UNABLE
                ? Optional.of("this host has nothing of what was to be measured")
                : Optional.empty());
    }
}
