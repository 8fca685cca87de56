package dev.interject.experiment.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.Kvm;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/**
 * Measures time and memory of 1, 2, 4 ... VMs that run at the same time.
 */
public final class VmsExperiment {

    /** A line of the in-kernel 8259s. */
    private static final BenchPath PATH = BenchPath.all().getFirst();
    /** They run to the end, so that no measured VM reuses memory that they freed. */
    private static final int WARM_UP_VMS = 20;

    private final Cancellation cancellation;
    private final MachinePlan plan = PATH.machinePlan(PATH.guest().halted());

    private VmsExperiment(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** A VM whose guest has taken an interrupt, and is halted. */
    private record Running(Machine machine, BenchListener listener, Injector injector) {}

    /**
     * Runs up to {@code most} VMs at once. If the host has no room for as many, the rows before that stay.
     *
     * @param progress called with the number of each round, from 1, before it begins
     * @throws SystemCallException if {@code /dev/kvm} cannot be opened
     */
    public static VmsReport run(int most, int rounds, Cancellation cancellation, IntConsumer progress) {
        // opened once for its error, which is not one of too many VMs
        Kvm.open().close();
        VmsExperiment experiment = new VmsExperiment(cancellation);
        List<List<Stage>> all = new ArrayList<>();
        Deque<Running> warmUp = new ArrayDeque<>();
        try {
            for (int i = 0; i < WARM_UP_VMS; i++) {
                warmUp.push(experiment.make());
                together(warmUp);
                HostMemory.now();
            }
            HostMemory.touchHeap();
            for (int round = 1; round <= rounds; round++) {
                progress.accept(round);
                experiment.round(most, all);
            }
            return new VmsReport(rows(all), Ending.allTaken());
        } catch (EndedEarlyException early) {
            return new VmsReport(rows(all), early.ending());
        } catch (SystemCallException failed) {
            return new VmsReport(rows(all), Ending.hostFailed(failed));
        } finally {
            warmUp.forEach(one -> one.machine().close());
        }
    }

    /**
     * The measurements with {@code vms} VMs.
     *
     * @param nanos of each VM that was created since the stage before
     */
    private record Stage(int vms, List<Long> nanos, long togetherNanos, HostMemory taken) {}

    /** Adds its stages to those of the other rounds; if it fails, only if there is no other. */
    private void round(int most, List<List<Stage>> all) {
        List<Stage> stages = new ArrayList<>();
        if (all.isEmpty()) {
            all.add(stages);
        }
        Deque<Running> running = new ArrayDeque<>();
        try {
            HostMemory before = HostMemory.now();
            List<Long> nanos = new ArrayList<>();
            for (int vms = 1; vms <= most; vms++) {
                long start = System.nanoTime();
                running.push(make());
                nanos.add(System.nanoTime() - start);
                if (Integer.bitCount(vms) == 1 || vms == most) {
                    HostMemory taken = HostMemory.now().minus(before);
                    stages.add(new Stage(vms, List.copyOf(nanos), together(running), taken));
                    nanos.clear();
                }
            }
            if (all.getFirst() != stages) {
                all.add(stages);
            }
        } finally {
            running.forEach(one -> one.machine().close());
        }
    }

    private Running make() {
        BenchListener listener = new BenchListener(cancellation, PATH.vector(), 0, 0);
        Machine machine = OwnSampler.started(plan, listener);
        try {
            Injector injector = PATH.injector(machine);
            injector.inject();
            listener.awaitTaken(1);
            return new Running(machine, listener, injector);
        } catch (RuntimeException failed) {
            machine.close();
            throw failed;
        }
    }

    private static long together(Deque<Running> running) {
        long start = System.nanoTime();
        List<Integer> before = running.stream().map(one -> one.listener().acknowledgements()).toList();
        running.forEach(one -> one.injector().inject());
        int number = 0;
        for (Running one : running) {
            one.listener().awaitTaken(before.get(number++) + 1);
        }
        return System.nanoTime() - start;
    }

    /** Memory is that of the first round, since later ones reuse what earlier ones freed. */
    private static List<VmsReport.Row> rows(List<List<Stage>> rounds) {
        List<VmsReport.Row> rows = new ArrayList<>();
        int stages = rounds.stream().mapToInt(List::size).min().orElse(0);
        for (int i = 0; i < stages; i++) {
            int number = i;
            List<Stage> of = rounds.stream().map(round -> round.get(number)).toList();
            Stage first = of.getFirst();
            rows.add(new VmsReport.Row(first.vms(), median(of.stream().flatMap(stage -> stage.nanos().stream())),
                    median(of.stream().map(Stage::togetherNanos)), first.taken().process() / first.vms(),
                    first.taken().kernel() / first.vms()));
        }
        return rows;
    }

    private static long median(Stream<Long> values) {
        List<Long> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
