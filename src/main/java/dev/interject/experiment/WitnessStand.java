package dev.interject.experiment;

import java.util.Map;

import dev.interject.interrupt.Path;
import dev.interject.machine.Machine;

/** Reads KVM's counters and the guest's before the first interrupt and after the last. */
final class WitnessStand {

    private final Machine machine;
    private final int vcpu;
    private final Path path;
    private final Map<String, Long> countedBefore;
    private final long takenBefore;

    WitnessStand(Machine machine, int vcpu, Path path) {
        this.machine = machine;
        this.vcpu = vcpu;
        this.path = path;
        this.takenBefore = taken();
        this.countedBefore = machine.statistics(vcpu);
    }

    Witness testimony() {
        return Witness.of(path, countedBefore, machine.statistics(vcpu), taken() - takenBefore);
    }

    /** All that the guest took of the kind that KVM counts, also what the run did not ask for. */
    private long taken() {
        return path == Path.NMI ? machine.mailbox(vcpu).takenNmis() : machine.mailbox(vcpu).takenInterrupts();
    }
}
