package dev.interject.experiment.run;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.interject.guest.CausedEvent;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.machine.Machine;

/**
 * All that the account of a run goes by, read while the vCPU is out of the guest, so that nothing moves from one place
 * to another in between.
 *
 * @param state      of the vCPU and the controllers
 * @param handlers   how often each handler ran, by vector
 * @param caused     the events that the guest caused itself
 * @param interrupts maskable interrupts that arrived, spurious ones included
 * @param spurious   those of them that were spurious
 * @param nesting    how many handlers ran inside each other, at most; 0 where the guest does not count that
 * @param statistics what KVM counts of the vCPU
 */
record Snapshot(GuestState state, SortedMap<Integer, Long> handlers, List<CausedEvent> caused, long interrupts,
        long spurious, long nesting, Map<String, Long> statistics) {

    private static final int NMI = 2;

    static Snapshot of(Machine machine, int vcpu) {
        Mailbox mailbox = machine.mailbox(vcpu);
        return machine.look(vcpu, state -> new Snapshot(state, mailbox.takenByVector(), mailbox.causedEvents(),
                mailbox.takenInterrupts(), mailbox.spurious(), mailbox.deepestNesting(), machine.statistics(vcpu)));
    }

    /** How often the handler of this vector ran. */
    long taken(int vector) {
        return handlers.getOrDefault(vector, 0L);
    }

    long nmis() {
        return taken(NMI);
    }
}
