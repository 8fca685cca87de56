package dev.interject.experiment.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.interject.experiment.Outcome;

/**
 * What a benchmark measured.
 *
 * @param rows in the order of measuring; fewer than there are subjects if it ended early
 */
public record BenchReport(BenchPlan plan, List<Row> rows, boolean interrupted) implements BenchResult {

    public BenchReport {
        rows = List.copyOf(rows);
    }

    /** The result of one subject. */
    public sealed interface Row {

        Subject subject();

        /**
         * It was measured.
         *
         * @param figures   one for each quantity of its measure
         * @param injecting bytes that the injecting thread allocated for each interrupt, in the round with the fewest;
         *                  empty if not counted
         * @param vcpu      the same for the vCPU's thread
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

        /** The guest or the host failed. */
        record Failed(Subject subject, Outcome outcome, String reason) implements Row {}
    }

    /**
     * One quantity of one subject.
     *
     * @param times   of all rounds, without warm-up
     * @param warmUp  of the warm-up round, and of the beginning of each other round
     * @param besideC the comparison with the reference; empty if it was not measured
     */
    public record Figure(Quantity quantity, Distribution times, Distribution warmUp, Optional<BesideC> besideC) {}

    /**
     * The comparison with the reference in C.
     *
     * @param times  the reference's times
     * @param median Interject's median divided by the reference's
     * @param p99    the same for the 99th percentile
     */
    public record BesideC(Distribution times, Ratio median, Ratio p99) {}

    /** {@link Outcome#TAKEN} if all supported subjects were measured; else the first failure. */
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
                ? Optional.of("this host supports nothing of what was to be measured")
                : Optional.empty());
    }
}
