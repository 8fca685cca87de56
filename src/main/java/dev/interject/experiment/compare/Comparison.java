package dev.interject.experiment.compare;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.route.RouteCase;

/**
 * The same interrupts by one path after the other.
 *
 * @param rows in the order in which they ran; fewer than there are ways where the user ended it
 */
public record Comparison(List<Row> rows, boolean interrupted) implements Report {

    public Comparison {
        rows = List.copyOf(rows);
    }

    /** The result of one case. */
    public sealed interface Row {

        /** The case that was run. */
        RouteCase contender();

        /** It ran. */
        record Ran(RouteCase contender, RunReport report) implements Row {}

        /** This host does not have it. */
        record Unsupported(RouteCase contender, String reason) implements Row {}

        /** The host failed while it ran, which ends the comparison. */
        record HostFailed(RouteCase contender, String reason) implements Row {}
    }

    /** {@link Outcome#TAKEN} if all supported paths took all; else the host's failure or the first other outcome. */
    @Override
    public Outcome outcome() {
        if (interrupted) {
            return Outcome.INTERRUPTED;
        }
        Outcome outcome = Outcome.HOST_UNABLE;
        for (Row row : rows) {
            switch (row) {
                case Row.Ran(RouteCase _, RunReport report) -> {
                    if (outcome == Outcome.HOST_UNABLE || outcome == Outcome.TAKEN) {
                        outcome = report.outcome();
                    }
                }
                case Row.Unsupported _ -> {
                    // no verdict
                }
                case Row.HostFailed _ -> {
                    return Outcome.HOST_UNABLE;
                }
            }
        }
        return outcome;
    }

    @Override
    public Optional<String> reason() {
        return switch (outcome()) {
            case TAKEN -> Optional.empty();
            case INTERRUPTED -> Optional.of("interrupted");
            case HOST_UNABLE, NOT_TAKEN, REFUSED, GUEST_CRASHED, TIMED_OUT -> rows.stream()
                    .map(Comparison::problem)
                    .flatMap(Optional::stream)
                    .reduce((first, last) -> outcome() == Outcome.HOST_UNABLE ? last : first)
                    .or(() -> Optional.of("this host supports none of the paths"));
        };
    }

    /** Why a row is not all taken. */
    private static Optional<String> problem(Row row) {
        return switch (row) {
            case Row.Ran(RouteCase contender, RunReport report) ->
                report.reason().map(reason -> contender + ": " + reason);
            case Row.Unsupported _ -> Optional.empty();
            case Row.HostFailed(RouteCase contender, String reason) -> Optional.of(contender + ": " + reason);
        };
    }
}
