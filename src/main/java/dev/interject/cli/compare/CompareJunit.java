package dev.interject.cli.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.route.RouteCase;

/**
 * A comparison as JUnit XML: one test case for each path, which is skipped if the host does not support it. If the
 * comparison failed though no path did, such as when none is supported, an additional last case reports it.
 */
public final class CompareJunit {

    private CompareJunit() {}

    public static void write(Comparison comparison, OutputStream out) throws IOException {
        List<Case> cases = new ArrayList<>(comparison.rows().stream().map(CompareJunit::of).toList());
        if (comparison.outcome() != Outcome.TAKEN && cases.stream().noneMatch(CompareJunit::hasProblem)) {
            cases.add(new Case("interject.compare", "comparison", 0, error(comparison)));
        }
        JunitOutput.write(out, "interject compare", cases::stream);
    }

    private static boolean hasProblem(Case each) {
        return each.result() instanceof Result.Failed || each.result() instanceof Result.Errored;
    }

    private static Case of(Row row) {
        RouteCase routeCase = row.routeCase();
        String vector = routeCase.vector().isPresent() ? " 0x%02x".formatted(routeCase.vector().getAsInt()) : "";
        String vcpu = routeCase.vcpus() > 1 ? ", vCPU " + (routeCase.vcpus() - 1) : "";
        return new Case("interject.compare." + routeCase.irqchip(), "%s%s, %s, guest %s%s".formatted(
                routeCase.route(), vector, routeCase.trigger(), routeCase.guest(), vcpu), nanos(row), result(row));
    }

    private static Result result(Row row) {
        return switch (row) {
            case Row.Ran(RouteCase _, RunReport report) -> switch (report.outcome()) {
                case TAKEN -> Result.PASSED;
                case HOST_UNABLE -> error(report);
                case NOT_TAKEN, REFUSED, GUEST_CRASHED, TIMED_OUT, INTERRUPTED -> new Result.Failed(
                        report.outcome().label(), report.reason().orElse(report.outcome().label()), "");
            };
            case Row.Unsupported(RouteCase _, String reason) -> new Result.Skipped(reason);
            case Row.HostFailed(RouteCase _, String reason) ->
                new Result.Errored(Outcome.HOST_UNABLE.label(), reason);
        };
    }

    private static Result error(Report report) {
        return new Result.Errored(report.outcome().label(), report.reason().orElse(report.outcome().label()));
    }

    /** From injection to acknowledgement, of all interrupts together. */
    private static long nanos(Row row) {
        return row instanceof Row.Ran ran ? ran.report().interrupts().totalLatency() : 0;
    }
}
