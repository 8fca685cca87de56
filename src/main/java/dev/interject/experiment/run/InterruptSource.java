package dev.interject.experiment.run;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.TargetVcpus;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.trace.Recorder;

/**
 * One source of a run's interrupts, such as a line: what was requested of it, and what its handler acknowledged.
 *
 * <p>{@link #acknowledge} is called on the threads of the vCPUs that take it, everything else on those that inject.
 */
abstract sealed class InterruptSource permits InjectedSource, RefusedSource, TimerSource {

    private final ResolvedInjection target;
    private final GatePath path;
    private final OptionalInt vector;
    private final TargetVcpus takers;
    /** The vCPU whose acknowledgements stand for all: the first at which the first interrupt does not coalesce. */
    private final int witness;
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
    /** By vCPU, how many interrupts of the vector were pending before the first of this source. */
    private final int[] pendingBefore;
    /** How many of those are still to be acknowledged; each is written by the thread of its vCPU. */
    private final AtomicIntegerArray pendingLeft;

    /**
     * @param before        the state in which the first interrupt is injected
     * @param countsEarlier whether what is pending before is of this source as well
     */
    InterruptSource(ResolvedInjection target, GatePath path, GuestState before, Machine machine, InterruptLog log,
            boolean countsEarlier) {
        this.target = target;
        this.path = path;
        this.vector = path.leadsToAVector() ? OptionalInt.of(path.vector()) : OptionalInt.empty();
        TargetVcpus all = path.targetVcpus();
        this.takers = all.vcpus().isEmpty() ? new TargetVcpus(List.of(target.vcpu()), false) : all;
        this.takenBefore = IntStream.range(0, machine.vcpus())
                .mapToLong(vcpu -> vector.isPresent() ? machine.vcpu(vcpu).mailbox().taken(vector.getAsInt()) : 0)
                .toArray();
        this.acknowledgedByOthers = new AtomicIntegerArray(machine.vcpus());
        this.witness = takers.vcpus()
                .stream()
                .filter(vcpu -> !path.coalescesAt(vcpu))
                .findFirst()
                .orElse(takers.vcpus().getFirst());
        this.others = takers.areRivals() ? new int[0]
                : takers.vcpus().stream().mapToInt(Integer::intValue).filter(vcpu -> vcpu != witness).toArray();
        this.pendingBefore = IntStream.range(0, machine.vcpus())
                .map(vcpu -> countsEarlier || vector.isEmpty() ? 0
                        : target.pendingBefore(before.seenBy(vcpu), vector.getAsInt()))
                .toArray();
        this.pendingLeft = new AtomicIntegerArray(pendingBefore);
        this.log = log;
        this.recorder = machine.recorder();
        this.accepted = new int[log.capacity()];
        this.acknowledgedAt = new long[log.capacity()];
    }

    /** The time of an acknowledgement, on the clock of this source. Allocates nothing. */
    abstract long clock();

    /** Called after each acknowledgement, before threads that wait for it continue. */
    abstract void onAcknowledged();

    /** Called after the acknowledgement of an interrupt that was pending before the first of this source. */
    abstract void onEarlierAcknowledged();

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
        int earlier = pendingLeft.get(vcpu);
        if (earlier > 0) {
            onEarlierAcknowledged();
            pendingLeft.set(vcpu, earlier - 1);
            return false;
        }
        if (takers.areRivals()) {
            synchronized (ofRivals) {
                return settle(vcpu);
            }
        }
        if (vcpu != witness) {
            acknowledgedByOthers.incrementAndGet(vcpu);
            return false;
        }
        return settle(vcpu);
    }

    /** By one thread at a time. */
    private boolean settle(int vcpu) {
        int count = acknowledged;
        if (count >= requested) {
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

    /** The first one has merged with an earlier one at some of its vCPUs: no acknowledgement comes from those. */
    final void firstCoalesces() {
        for (int vcpu : others) {
            if (path.coalescesAt(vcpu)) {
                acknowledgedByOthers.incrementAndGet(vcpu);
            }
        }
    }

    /** Whether all that was pending before the first of this source is acknowledged. */
    final boolean areEarlierAcknowledged() {
        return takers.vcpus().stream().allMatch(vcpu -> pendingLeft.get(vcpu) == 0);
    }

    /** How many interrupts of the vector were pending at a vCPU before the first of this source. */
    final int pendingBefore(int vcpu) {
        return pendingBefore[vcpu];
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

    /** The gates that its first interrupt meets. */
    final GatePath path() {
        return path;
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
