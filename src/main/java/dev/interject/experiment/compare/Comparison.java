package dev.interject.experiment.compare;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;

/**
 * The same work done by one way after the other.
 *
 * @param rows in the order in which they ran; fewer than there are ways where the user ended it
 */
public record Comparison(List<Row> rows, boolean interrupted) implements Report {

    public Comparison {
        rows = List.copyOf(rows);
    }

    /** What is to be said where this host has no way at all. */
    public static Comparison unable(String reason) {
        return new Comparison(
                CompareCase.all().stream().<Row>map(way -> new Row.Unsupported(way, reason)).toList(), false);
    }

    /** What one way came to. */
    public sealed interface Row {

        CompareCase contender();

        /** It ran. */
        record Ran(CompareCase contender, RunReport report) implements Row {}

        /** This host does not have it. */
        record Unsupported(CompareCase contender, String reason) implements Row {}
    }

    /** All taken by every way that this host has; else the first other outcome. */
    public Outcome outcome() {
        if (interrupted) {
            return Outcome.INTERRUPTED;
        }
        boolean anyRan = false;
        for (Row row : rows) {
            if (row instanceof Row.Ran ran) {
                anyRan = true;
                if (ran.report().outcome() != Outcome.TAKEN) {
                    return ran.report().outcome();
                }
            }
        }
        return anyRan ? Outcome.TAKEN : Outcome.HOST_UNABLE;
    }

    @Override
    public Optional<String> reason() {
        return outcome() == Outcome.TAKEN
                ? Optional.empty()
                : Optional.of("not every path took all of its interrupts: " + outcome().label());
    }
}
