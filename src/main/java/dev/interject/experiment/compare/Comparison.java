package dev.interject.experiment.compare;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.route.RouteCase;

/**
 * The same interrupts by one path after the other.
 *
 * @param rows in the order in which they ran; fewer than there are cases if the user ended it
 */
public record Comparison(List<Row> rows, boolean interrupted) implements Report {

    public Comparison {
        rows = List.copyOf(rows);
    }

    /** The result of one case. */
    public sealed interface Row {

        /** The case that was run. */
        RouteCase routeCase();

        /** It ran. */
        record Ran(RouteCase routeCase, RunReport report) implements Row {}

        /** The host does not support it. */
        record Unsupported(RouteCase routeCase, String reason) implements Row {}

        /** The host failed while it ran, which ends the comparison. */
        record HostFailed(RouteCase routeCase, String reason) implements Row {}
    }

    /** {@link Outcome#TAKEN} if all supported paths took all; else the host's failure or the first other outcome. */
    @Override
    public Ending ending() {
        if (interrupted) {
            return Ending.of(Outcome.INTERRUPTED, "interrupted");
        }
        Ending ending = Ending.of(Outcome.HOST_UNABLE, "this host supports none of the paths");
        for (Row row : rows) {
            switch (row) {
                case Row.Ran(RouteCase routeCase, RunReport report) -> {
                    if (ending.outcome() == Outcome.HOST_UNABLE || ending.outcome() == Outcome.TAKEN) {
                        ending = new Ending(report.outcome(), report.reason().map(reason -> routeCase + ": " + reason),
                                Optional.empty());
                    }
                }
                case Row.Unsupported _ -> {
                    // no verdict
                }
                case Row.HostFailed(RouteCase routeCase, String reason) -> {
                    return Ending.of(Outcome.HOST_UNABLE, routeCase + ": " + reason);
                }
            }
        }
        return ending;
    }
}
