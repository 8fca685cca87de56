package dev.interject.experiment.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import dev.interject.guest.CausedEvent;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;

/**
 * All that the ledger of a run depends on, read while the target vCPU is out of the guest, so that nothing changes in
 * between.
 *
 * @param state      of the vCPU and the controllers; empty if the host cannot read it any more
 * @param handlers   how often each handler ran, by vector
 * @param caused     the events that the guest caused itself
 * @param interrupts maskable interrupts that arrived, spurious ones included
 * @param spurious   how many of them were spurious
 * @param nesting    how many handlers ran inside each other, at most; 0 if the guest does not count that
 * @param statistics KVM's counters of the vCPU
 */
record Snapshot(Optional<GuestState> state, SortedMap<Integer, Long> handlers, List<CausedEvent> caused,
        long interrupts, long spurious, long nesting, Map<String, Long> statistics) {

    private static final int NMI = 2;

    static Snapshot of(Machine machine, int vcpu) {
        return machine.vcpu(vcpu)
                .inspect(
                        state -> of(machine.vcpu(vcpu).mailbox(), Optional.of(state), machine.vcpu(vcpu).statistics()));
    }

    /** What can be read without a system call, after one has failed. */
    static Snapshot withoutState(Machine machine, int vcpu) {
        return of(machine.vcpu(vcpu).mailbox(), Optional.empty(), Map.of());
    }

    private static Snapshot of(Mailbox mailbox, Optional<GuestState> state, Map<String, Long> statistics) {
        return new Snapshot(state, mailbox.takenByVector(), mailbox.causedEvents(), mailbox.takenInterrupts(),
                mailbox.spurious(), mailbox.deepestNesting(), statistics);
    }

    /** How often the handler of this vector ran. */
    long taken(int vector) {
        return handlers.getOrDefault(vector, 0L);
    }

    long nmis() {
        return taken(NMI);
    }
}
