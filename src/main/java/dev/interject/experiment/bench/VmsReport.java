package dev.interject.experiment.bench;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;

/**
 * What many VMs at once cost.
 *
 * @param rows in the order of their number of VMs; fewer than asked for if it ended early
 */
public record VmsReport(List<Row> rows, Ending ending) implements BenchResult {

    public VmsReport {
        rows = List.copyOf(rows);
    }

    @Override
    public Outcome outcome() {
        return ending.outcome();
    }

    @Override
    public Optional<String> reason() {
        return ending.reason();
    }

    @Override
    public Optional<RuntimeException> failure() {
        return ending.failure();
    }

    /**
     * So many that run at once; of the times the medians of all rounds, of the memory what the first round took.
     *
     * @param vms             how many
     * @param nanosEach       from opening /dev/kvm to the first interrupt taken, of those since there were half as many
     * @param togetherNanos   to have an interrupt taken by all of them, handed to one after the other without waiting
     * @param bytesEach       of this process, for each
     * @param kernelBytesEach of the kernel, for each; what else the host does is in it
     */
    public record Row(int vms, long nanosEach, long togetherNanos, long bytesEach, long kernelBytesEach) {}
}
