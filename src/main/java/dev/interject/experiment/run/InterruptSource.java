package dev.interject.experiment.run;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.TargetVcpus;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.machine.Machine;
import dev.interject.trace.Recorder;

/**
 * One source of a run's interrupts, such as a line: what was requested of it, and what its handler acknowledged.
 *
 * <p>{@link #acknowledge} is called on the threads of the vCPUs that take it, everything else on those that inject.
 */
abstract sealed class InterruptSource permits InjectedSource, RefusedSource, TimerSource {

    private final ResolvedInjection target;
    private final OptionalInt vector;
    private final TargetVcpus takers;
    private final long[] takenBefore;
    private final InterruptLog log;
    private final Recorder recorder;
    private volatile int requested;
    /** The log's indexes of those to be taken, in the order in which they will be. */
    private final int[] accepted;
    private int acceptedCount;
    private final long[] acknowledgedAt;
    private volatile int acknowledged;
    /** By vCPU, how many the others acknowledged of those that take each interrupt; each is written by one thread. */
    private final AtomicIntegerArray acknowledgedByOthers;
    private final int[] others;
    /** Held while one of several rivals acknowledges. */
    private final Object ofRivals = new Object();
    /** How many acknowledgements are still to come of interrupts that were pending before the first of this source. */
    private int pendingBefore;

    InterruptSource(ResolvedInjection target, GatePath path, Machine machine, InterruptLog log) {
        this.target = target;
        this.vector = path.leadsToAVector() ? OptionalInt.of(path.vector()) : OptionalInt.empty();
        TargetVcpus all = path.targetVcpus();
        this.takers = all.vcpus().isEmpty() ? new TargetVcpus(List.of(target.vcpu()), false) : all;
        this.takenBefore = IntStream.range(0, machine.vcpus())
                .mapToLong(vcpu -> vector.isPresent() ? machine.vcpu(vcpu).mailbox().taken(vector.getAsInt()) : 0)
                .toArray();
        this.acknowledgedByOthers = new AtomicIntegerArray(machine.vcpus());
        this.others = takers.areRivals() ? new int[0]
                : takers.vcpus().stream().skip(1).mapToInt(Integer::intValue).toArray();
        this.pendingBefore = path.coalescesAt(takers.vcpus().getFirst()) ? 1 : 0;
        this.log = log;
        this.recorder = machine.recorder();
        this.accepted = new int[log.capacity()];
        this.acknowledgedAt = new long[log.capacity()];
    }

    /** The time of an acknowledgement, on the clock of this source. Allocates nothing. */
    abstract long clock();

    /** Called after each acknowledgement, before threads that wait for it continue. */
    abstract void onAcknowledged();

    /** Writes the times of those that were taken into the log, when the run is over. */
    abstract void settleLog();

    /** Counts requests. Before they are made: the handler may run at once. */
    final void request(int count) {
        requested += count;
    }

    /** Expects an acknowledgement of this one: it is not merged with another. */
    final void accept(int index) {
        accepted[acceptedCount++] = index;
    }

    /**
     * Notes that the handler acknowledged an interrupt; returns whether that settles one that was outstanding, rather
     * than what another vCPU takes of the same interrupt.
     */
    final boolean acknowledge(int vcpu) {
        if (takers.areRivals()) {
            synchronized (ofRivals) {
                return settle(vcpu);
            }
        }
        if (vcpu != takers.vcpus().getFirst()) {
            acknowledgedByOthers.incrementAndGet(vcpu);
            return false;
        }
        return settle(vcpu);
    }

    /** By one thread at a time. */
    private boolean settle(int vcpu) {
        int count = acknowledged;
        if (pendingBefore > 0 || count >= requested) {
            pendingBefore = 0;
            return false; // the ledger uses the guest's own count
        }
        acknowledgedAt[count] = clock();
        recorder.handlerAcknowledged(vcpu, vector.getAsInt());
        onAcknowledged();
        acknowledged = count + 1; // last: a waiter may read the rest then
        return true;
    }

    /** The time of acknowledgement {@code number}, from 0, by {@link #clock()}. */
    final long acknowledgedAt(int number) {
        return acknowledgedAt[number];
    }

    /** The log's index of the interrupt that acknowledgement {@code number}, from 0, belongs to. */
    final int acceptedAt(int number) {
        return accepted[number];
    }

    /** The log's indexes of those to be taken, in the order in which they will be. */
    final int[] acceptedInOrder() {
        return Arrays.copyOf(accepted, acceptedCount);
    }

    /** How many interrupts were both accepted and acknowledged. */
    final int taken() {
        return Math.min(acknowledged, acceptedCount);
    }

    final int acknowledged() {
        return acknowledged;
    }

    /** How many each of the vCPUs has acknowledged that take them. Allocates nothing. */
    final int acknowledgedByAll() {
        int least = acknowledged;
        for (int vcpu : others) {
            least = Math.min(least, acknowledgedByOthers.get(vcpu));
        }
        return least;
    }

    final int accepted() {
        return acceptedCount;
    }

    final int requested() {
        return requested;
    }

    final ResolvedInjection target() {
        return target;
    }

    /** The vector at which its interrupts arrive; empty if they do not arrive. */
    final OptionalInt vector() {
        return vector;
    }

    /** The guest's count of the vector on a vCPU, before the first interrupt. */
    final long takenBefore(int vcpu) {
        return takenBefore[vcpu];
    }

    /** The vCPUs that take its interrupts: the target first, if it is among them. */
    final TargetVcpus targetVcpus() {
        return takers;
    }

    final InterruptLog log() {
        return log;
    }

    final Recorder recorder() {
        return recorder;
    }
}
