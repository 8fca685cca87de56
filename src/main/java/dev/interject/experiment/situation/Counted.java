package dev.interject.experiment.situation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

import dev.interject.guest.Mailbox;
import dev.interject.machine.Machine;

/**
 * What the handlers of a guest have counted since its start.
 *
 * @param taken    by vCPU and vector
 * @param spurious by vCPU: spurious interrupts, and ticks that the guest did not expect
 */
public record Counted(List<SortedMap<Integer, Long>> taken, List<Long> spurious) {

    /** Copies the lists. */
    public Counted {
        taken = List.copyOf(taken);
        spurious = List.copyOf(spurious);
    }

    /** What the handlers in a machine have counted so far. */
    public static Counted by(Machine machine) {
        List<SortedMap<Integer, Long>> taken = new ArrayList<>();
        List<Long> spurious = new ArrayList<>();
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            Mailbox mailbox = machine.vcpu(vcpu).mailbox();
            taken.add(mailbox.takenByVector());
            spurious.add(mailbox.spurious());
        }
        return new Counted(taken, spurious);
    }

    /** How many interrupts of a vector a vCPU has taken. */
    public long of(int vcpu, int vector) {
        return taken.get(vcpu).getOrDefault(vector, 0L);
    }

    /**
     * How many more there are than before, but for the vectors that are expected.
     *
     * @param withSpurious whether spurious ones count
     */
    public long unexpectedSince(Counted before, List<Expected> expected, boolean withSpurious) {
        long sum = 0;
        for (int vcpu = 0; vcpu < taken.size(); vcpu++) {
            int number = vcpu;
            sum += withSpurious ? Math.max(0, spurious.get(vcpu) - before.spurious.get(vcpu)) : 0;
            for (int vector : taken.get(vcpu).keySet()) {
                if (expected.stream().noneMatch(one -> one.vcpu() == number && one.vector() == vector)) {
                    sum += Math.max(0, of(vcpu, vector) - before.of(vcpu, vector));
                }
            }
        }
        return sum;
    }
}
