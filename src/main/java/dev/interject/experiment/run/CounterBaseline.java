package dev.interject.experiment.run;

import dev.interject.interrupt.Path;

/** Compares KVM's counters and the guest's before the first interrupt with those after the last. */
record CounterBaseline(Path path, Snapshot before) {

    KvmCounters testimony(Snapshot after) {
        return KvmCounters.of(path, before.statistics(), after.statistics(), taken(after) - taken(before));
    }

    /** All that the guest took of the kind that KVM counts, also what the run did not ask for. */
    private long taken(Snapshot snapshot) {
        return path == Path.NMI ? snapshot.nmis() : snapshot.interrupts();
    }
}
