package dev.interject.experiment.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.interject.experiment.Ending;
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

    @Override
    public boolean hasFigures() {
        return rows.stream().anyMatch(Row.Measured.class::isInstance);
    }

    /** {@link Outcome#TAKEN} if all supported subjects were measured; else the first failure. */
    @Override
    public Ending ending() {
        Optional<Row.Failed> failed =
                rows.stream().filter(Row.Failed.class::isInstance).map(Row.Failed.class::cast).findFirst();
        Optional<String> reason =
                failed.map(row -> "%s: %s: %s".formatted(row.subject(), row.outcome().label(), row.reason()));
        if (interrupted) {
            return new Ending(Outcome.INTERRUPTED, reason, Optional.empty());
        }
        if (failed.isPresent()) {
            return new Ending(failed.get().outcome(), reason, Optional.empty());
        }
        return hasFigures()
                ? Ending.allTaken()
                : Ending.of(Outcome.HOST_UNABLE, "this host supports nothing of what was to be measured");
    }
}
