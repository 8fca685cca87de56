package dev.interject.experiment.bench;

import java.util.List;

import dev.interject.experiment.Ending;

/**
 * What many VMs at once cost.
 *
 * @param rows in the order of their number of VMs; fewer than requested if it ended early
 */
public record VmsReport(List<Row> rows, Ending ending) implements BenchResult {

    public VmsReport {
        rows = List.copyOf(rows);
    }

    @Override
    public boolean hasFigures() {
        return !rows.isEmpty();
    }

    /**
     * The cost of a number of VMs that run at once; times are medians of all rounds, memory is that of the first.
     *
     * @param vms             the number of VMs
     * @param nanosEach       from opening /dev/kvm to the first interrupt taken, of the VMs since the row before
     * @param togetherNanos   to inject one interrupt into each VM without waiting, until all have taken theirs
     * @param bytesEach       of this process, per VM
     * @param kernelBytesEach of the kernel, per VM; includes the rest of the host's activity
     */
    public record Row(int vms, long nanosEach, long togetherNanos, long bytesEach, long kernelBytesEach) {}
}
