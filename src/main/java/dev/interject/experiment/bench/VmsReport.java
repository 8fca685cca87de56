package dev.interject.experiment.bench;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Outcome;

/**
 * Many VMs at once.
 *
 * @param rows by how many there were
 */
public record VmsReport(List<Row> rows, boolean interrupted) implements BenchResult {

    public VmsReport {
        rows = List.copyOf(rows);
    }

    /** All took theirs, unless the user ended it. */
    @Override
    public Outcome outcome() {
        return interrupted ? Outcome.INTERRUPTED : Outcome.TAKEN;
    }

    @Override
    public Optional<String> reason() {
        return Optional.empty();
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
