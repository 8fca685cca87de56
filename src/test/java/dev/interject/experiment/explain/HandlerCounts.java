package dev.interject.experiment.explain;

import java.util.SortedMap;
import java.util.TreeMap;

import dev.interject.device.CommandPort;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.machine.Machine;

/**
 * How often each handler of a guest ran since a moment.
 *
 * @param target      the interrupt
 * @param timerVector where a timer ticks
 * @param before      the counts at that moment
 */
record HandlerCounts(Machine machine, ResolvedInjection target, int timerVector, SortedMap<Handler, Long> before) {

    /** Counts from now on. */
    static HandlerCounts since(Machine machine, ResolvedInjection target, int timerVector) {
        HandlerCounts all = new HandlerCounts(machine, target, timerVector, new TreeMap<>());
        return new HandlerCounts(machine, target, timerVector, all.now());
    }

    /** How often each ran until now; without those that did not run. */
    SortedMap<Handler, Long> now() {
        SortedMap<Handler, Long> counts = new TreeMap<>();
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            add(counts, vcpu, machine.vcpu(vcpu).mailbox());
        }
        before.forEach((handler, times) -> counts.merge(handler, -times, Long::sum));
        counts.values().removeIf(times -> times == 0);
        return counts;
    }

    private void add(SortedMap<Handler, Long> counts, int vcpu, Mailbox mailbox) {
        mailbox.takenByVector().forEach((vector, times) -> counts.put(new Handler(vcpu, vector), times));
        if (target.route() == Route.IPI) {
            counts.remove(new Handler(vcpu, CommandPort.VECTOR)); // which asks for the IPI
        }
        if (mailbox.spurious() > 0) {
            counts.put(new Handler(vcpu, spuriousVector()), mailbox.spurious());
        }
    }

    /** A guest with a timer counts a tick as spurious that no command requested. */
    private int spuriousVector() {
        return target.route().isTimer() ? timerVector : Handler.SPURIOUS;
    }
}
