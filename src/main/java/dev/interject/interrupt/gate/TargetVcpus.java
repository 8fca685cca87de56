package dev.interject.interrupt.gate;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.Icr.Shorthand;

/**
 * The vCPUs that an interrupt is for.
 *
 * @param vcpus     by their numbers
 * @param areRivals whether only one of them takes it, and which is not determined
 */
public record TargetVcpus(List<Integer> vcpus, boolean areRivals) {

    public TargetVcpus {
        vcpus = List.copyOf(vcpus);
    }

    /**
     * Those of a destination.
     *
     * @param vector which matters for a lowest-priority interrupt on some hosts
     * @param lowest whether one of them takes it: lowest-priority delivery, or a message's redirection hint
     */
    static TargetVcpus of(GuestState state, Destination destination, int vector, boolean lowest) {
        List<Lapic> on = state.lapics().stream().filter(Lapic::isOn).toList();
        List<Lapic> matching = on.stream().filter(destination::names).toList();
        boolean isForOne = lowest && destination.shorthand() != Shorthand.SELF;
        if (matching.isEmpty()) { // one that is off takes nothing, and the gates say that it is off
            return of(state.lapics().stream().filter(destination::names).toList(), false);
        }
        HostRules rules = state.hostRules();
        return new KvmLookup(on, rules).find(destination, vector, isForOne)
                .orElseGet(() -> ofAll(matching, vector, isForOne, rules.has(Departure.CHOICE_BY_VECTOR)));
    }

    /** Intel SDM vol. 3, "Lowest Priority Delivery Mode": a LAPIC that is software-disabled does not take part. */
    private static TargetVcpus ofAll(List<Lapic> matching, int vector, boolean lowest, boolean byVector) {
        List<Lapic> enabled = matching.stream().filter(Lapic::isEnabled).toList();
        if (!lowest || enabled.isEmpty()) {
            return of(lowest ? enabled : matching, false);
        }
        return byVector ? of(List.of(enabled.get(vector % enabled.size())), false)
                : of(enabled, enabled.size() > 1);
    }

    static TargetVcpus of(List<Lapic> lapics, boolean areRivals) {
        return new TargetVcpus(lapics.stream().map(Lapic::vcpu).toList(), areRivals);
    }

    /**
     * A branch for each of them, that of the target vCPU first; only the target's if it is not among them.
     *
     * @param group those that share it are of one interrupt
     * @param gates what lies on the way to a vCPU, from the state that it sees
     */
    List<Branch> branches(GuestState state, Input input, int group, int vector,
            Function<GuestState, List<Gate>> gates) {
        Stream<Integer> others =
                vcpus.contains(state.vcpu()) ? vcpus.stream().filter(vcpu -> vcpu != state.vcpu()) : Stream.empty();
        return Stream.concat(Stream.of(state.vcpu()), others)
                .map(vcpu -> new Branch(input, new BranchTarget(vcpu, group, areRivals), vector,
                        gates.apply(state.seenBy(vcpu))))
                .toList();
    }

    /** As text, such as "vCPU 0 and vCPU 1". */
    @Override
    public String toString() {
        return vcpus.stream().map(vcpu -> "vCPU " + vcpu).collect(Collectors.joining(areRivals ? " or " : " and "));
    }
}
