package dev.interject.experiment.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.UnsupportedPath;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.interrupt.route.RouteCase;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/** Runs the same number of interrupts by every path into a guest. */
public final class CompareExperiment {

    private CompareExperiment() {}

    /**
     * @param count    how many interrupts for each case
     * @param timeout  the watchdog's time for each case; empty: as for a run
     * @param progress called with each case before it runs
     * @throws SystemCallException if {@code /dev/kvm} cannot be opened, or the probe of the IOAPIC fails
     */
    public static Comparison run(int count, Optional<Duration> timeout, Cancellation cancellation,
            Consumer<RouteCase> progress) {
        // opened once for its error, which is not a failure of a single case
        Kvm.open().close();
        Optional<String> noFaithfulEoi = whyNoFaithfulEoi();
        List<Row> rows = new ArrayList<>();
        for (RouteCase routeCase : RouteCase.all()) {
            if (cancellation.isRequested()) {
                break;
            }
            progress.accept(routeCase);
            Row row = routeCase.needsFaithfulEoi() && noFaithfulEoi.isPresent()
                    ? new Row.Unsupported(routeCase, noFaithfulEoi.get())
                    : run(routeCase, plan(routeCase, count, timeout), cancellation);
            rows.add(row);
            if (row instanceof Row.HostFailed) {
                break;
            }
        }
        return new Comparison(rows, cancellation.isRequested());
    }

    /** Probed, since hosts differ: KVM lowers a level line at an IOAPIC at the EOI, which must be that of the guest. */
    private static Optional<String> whyNoFaithfulEoi() {
        return switch (ConformanceProbe.IOAPIC_RESAMPLE.probe()) {
            case Finding.Kept _ -> Optional.empty();
            case Finding.Departs departs ->
                Optional.of("this KVM ends the interrupt before the guest's EOI: " + departs.evidence());
            case Finding.Inconclusive inconclusive ->
                Optional.of("it is unknown whether this KVM ends the interrupt at the guest's EOI: "
                        + inconclusive.evidence());
        };
    }

    static RunPlan plan(RouteCase routeCase, int count, Optional<Duration> timeout) {
        return new RunPlan(
                MachineChoice.of(routeCase.irqchip(), routeCase.guest())
                        .withVcpus(routeCase.vcpus(), routeCase.vcpus() - 1),
                new InterruptChoice(Optional.of(routeCase.route()), List.of(), routeCase.vector(),
                        MessageChoice.usual(), routeCase.trigger()),
                Pace.oneByOne(count), Conduct.within(timeout));
    }

    private static Row run(RouteCase routeCase, RunPlan plan, Cancellation cancellation) {
        try {
            RunReport report = RunExperiment.run(plan, cancellation, RunObserver.NONE, RunTrace.none());
            return report.ending().failure().isPresent()
                    ? didNotRun(routeCase, report.ending().failure().get())
                    : new Row.Ran(routeCase, report);
        } catch (UnsupportedKvmException | SystemCallException failed) {
            return didNotRun(routeCase, failed);
        }
    }

    private static Row didNotRun(RouteCase routeCase, RuntimeException failure) {
        return failure instanceof SystemCallException call && !UnsupportedPath.ofAPath(call)
                ? new Row.HostFailed(routeCase, call.getMessage())
                : new Row.Unsupported(routeCase, failure.getMessage());
    }
}
