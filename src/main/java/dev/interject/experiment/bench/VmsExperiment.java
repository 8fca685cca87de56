package dev.interject.experiment.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BenchGuest;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/**
 * Makes VMs one after the other, which all stay and run, and looks at what they take when there are 1, 2, 4 and so on.
 */
public final class VmsExperiment {

    private static final BenchWay WAY = new BenchWay(Irqchip.KERNEL, Path.LINE, BenchGuest.PIC, false);
    /** They stay to the end, so that none of those that are measured can take up what these would give back. */
    private static final int WARM_UP_VMS = 20;

    private final Cancellation cancellation;
    private final MachinePlan plan = WAY.machinePlan(WAY.guest().halted());

    private VmsExperiment(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** Follows the experiment. */
    @FunctionalInterface
    public interface Observer {

        /** So many are to be made next, in this round. */
        void making(int vms, int round);
    }

    /** A VM whose guest has taken an interrupt, and sleeps. */
    private record Running(Machine machine, BenchEar ear, Injector injector) {}

    /**
     * Up to so many at once.
     *
     * @throws dev.interject.linux.error.SystemCallException where the host has no room for them
     */
    public static VmsReport run(int most, int rounds, Cancellation cancellation, Observer observer) {
        VmsExperiment experiment = new VmsExperiment(cancellation);
        List<List<VmsReport.Row>> all = new ArrayList<>();
        Deque<Running> warmUp = new ArrayDeque<>();
        try {
            for (int i = 0; i < WARM_UP_VMS; i++) {
                warmUp.push(experiment.make());
                together(warmUp);
                HostMemory.now();
            }
            HostMemory.touchHeap();
            for (int round = 1; round <= rounds; round++) {
                observer.making(most, round);
                all.add(experiment.round(most));
            }
        } catch (RoundFailed failed) {
            if (failed.outcome() != Outcome.INTERRUPTED) {
                throw new IllegalStateException(failed.getMessage(), failed);
            }
        } finally {
            warmUp.forEach(one -> one.machine().close());
        }
        return new VmsReport(medians(all), cancellation.isRequested());
    }

    private List<VmsReport.Row> round(int most) {
        List<VmsReport.Row> rows = new ArrayList<>();
        Deque<Running> running = new ArrayDeque<>();
        try {
            HostMemory before = HostMemory.now();
            long nanos = 0;
            for (int vms = 1; vms <= most; vms++) {
                long start = System.nanoTime();
                running.push(make());
                nanos += System.nanoTime() - start;
                if (Integer.bitCount(vms) == 1 || vms == most) {
                    HostMemory taken = HostMemory.now().minus(before);
                    rows.add(new VmsReport.Row(vms, nanos / vms, together(running), taken.process() / vms,
                            taken.kernel() / vms));
                }
            }
            return rows;
        } finally {
            running.forEach(one -> one.machine().close());
        }
    }

    private Running make() {
        BenchEar ear = new BenchEar(cancellation, WAY.vector(), 0, 0);
        Machine machine = OwnSampler.started(plan, ear);
        try {
            Injector injector = WAY.injector(machine);
            injector.inject();
            ear.awaitRings(1);
            return new Running(machine, ear, injector);
        } catch (RuntimeException failed) {
            machine.close();
            throw failed;
        }
    }

    private static long together(Deque<Running> running) {
        long start = System.nanoTime();
        List<Integer> rings = running.stream().map(one -> one.ear().rings()).toList();
        running.forEach(one -> one.injector().inject());
        int number = 0;
        for (Running one : running) {
            one.ear().awaitRings(rings.get(number++) + 1);
        }
        return System.nanoTime() - start;
    }

    /** Of the times; memory is that of the first round: later ones take up what an earlier one has given back. */
    private static List<VmsReport.Row> medians(List<List<VmsReport.Row>> rounds) {
        List<VmsReport.Row> medians = new ArrayList<>();
        int rows = rounds.stream().mapToInt(List::size).min().orElse(0);
        for (int i = 0; i < rows; i++) {
            int row = i;
            List<VmsReport.Row> of = rounds.stream().map(round -> round.get(row)).toList();
            medians.add(new VmsReport.Row(of.getFirst().vms(), median(of, VmsReport.Row::nanosEach),
                    median(of, VmsReport.Row::togetherNanos), of.getFirst().bytesEach(),
                    of.getFirst().kernelBytesEach()));
        }
        return medians;
    }

    private static long median(List<VmsReport.Row> rows, ToLongFunction<VmsReport.Row> of) {
        return rows.stream().mapToLong(of).sorted().skip(rows.size() / 2).findFirst().orElseThrow();
    }
}
