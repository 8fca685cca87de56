package dev.interject.experiment.trace;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.Run;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import dev.interject.trace.Recorder;

/** Measures what recording costs: runs with and without a recorder alternate. {@code scripts/trace-cost} starts it. */
final class TraceCost {

    private static final int ROUNDS = 100;
    private static final int INTERRUPTS = 300;
    /** The JVM compiles the code; the first interrupts of each run warm up its guest. */
    private static final int WARM_UP_ROUNDS = 10;
    private static final int SKIPPED = 50;
    private static final int EVENTS = 40 * INTERRUPTS;

    /** Every interrupt's round trip, and the time from one to the next. */
    private static final class Side {

        private final double[] medians = new double[ROUNDS];
        private int rounds;
        private long[] roundTrips = {};
        private long[] cycles = {};

        void add(InterruptLog log) {
            roundTrips = joined(roundTrips, log, log::latency);
            medians[rounds++] = median(joined(new long[0], log, log::latency));
            cycles = joined(cycles, log, i -> log.injectedAt(i) - log.injectedAt(i - 1));
        }

        private static long[] joined(long[] before, InterruptLog log, IntToLongFunction value) {
            return LongStream.concat(Arrays.stream(before), IntStream.range(SKIPPED, log.size()).mapToLong(value))
                    .toArray();
        }
    }

    private TraceCost() {}

    public static void main(String[] arguments) {
        System.out.printf("%,d interrupts on each side of each row, in alternating runs of %d; medians in us%n%n",
                ROUNDS * (INTERRUPTS - SKIPPED), INTERRUPTS);
        System.out.println("                          round trip                 from one to the next");
        System.out.println("  irqchip   path      off     on  on/off  pairs      off     on  on/off  events each");
        measure(Irqchip.KERNEL, Route.LINE);
        measure(Irqchip.KERNEL, Route.IRQFD);
        measure(Irqchip.KERNEL, Route.MSI);
        measure(Irqchip.USERSPACE, Route.VECTOR);
    }

    private static void measure(Irqchip irqchip, Route path) {
        RunPlan plan = Run.on(irqchip).path(path).count(INTERRUPTS).plan();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            run(plan, RunTrace.none());
            run(plan, new RunTrace(Recorder.of(EVENTS)));
        }
        Side off = new Side();
        Side on = new Side();
        double events = 0;
        for (int round = 0; round < ROUNDS; round++) {
            RunTrace tape = new RunTrace(Recorder.of(EVENTS));
            if (round % 2 == 0) { // neither side always runs first
                off.add(run(plan, RunTrace.none()));
                on.add(run(plan, tape));
            } else {
                on.add(run(plan, tape));
                off.add(run(plan, RunTrace.none()));
            }
            events += (double) tape.recorder().recording().events().size() / INTERRUPTS / ROUNDS;
        }
        System.out.printf(Locale.ROOT, "  %-9s %-7s %s  %5.3f  %s  %.1f%n", irqchip, path,
                compared(off.roundTrips, on.roundTrips), byPairs(off, on), compared(off.cycles, on.cycles), events);
    }

    /** The median ratio of all pairs of runs; other load of the machine affects it less. */
    private static double byPairs(Side off, Side on) {
        double[] ratios =
                IntStream.range(0, ROUNDS).mapToDouble(i -> on.medians[i] / off.medians[i]).sorted().toArray();
        return (ratios[ROUNDS / 2] + ratios[ROUNDS / 2 - 1]) / 2;
    }

    private static InterruptLog run(RunPlan plan, RunTrace tape) {
        RunReport report = RunExperiment.run(plan, new Cancellation(), RunObserver.NONE, tape);
        if (report.outcome() != Outcome.TAKEN) {
            throw new IllegalStateException(report.outcome() + ": " + report.reason().orElse(""));
        }
        return report.interrupts();
    }

    private static String compared(long[] off, long[] on) {
        double without = median(off) / 1e3;
        double with = median(on) / 1e3;
        return String.format(Locale.ROOT, "%6.1f %6.1f   %5.3f", without, with, with / without);
    }

    private static double median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
