package dev.interject.interrupt.gate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.Icr.Shorthand;

/**
 * KVM's table of the LAPICs by their IDs, with which it finds most destinations ({@code kvm_recalculate_apic_map} and
 * {@code kvm_apic_map_get_dest_lapic} in arch/x86/kvm/lapic.c). Where it has none, KVM compares all LAPICs.
 */
final class KvmLookup {

    private static final int FLAT = 0xf;
    private static final int IDS = 8;
    private static final int IN_CLUSTER = 4;
    private static final int IN_X2APIC_CLUSTER = 16;

    /** How logical IDs are read. */
    private enum Model {
        FLAT(IDS), CLUSTER(IN_CLUSTER), X2APIC(IN_X2APIC_CLUSTER);

        private final int bits;

        Model(int bits) {
            this.bits = bits;
        }

        static Model of(Lapic lapic) {
            return lapic.isX2apic() ? X2APIC
                    : lapic.registers().destinationFormat() >>> 28 == KvmLookup.FLAT ? FLAT : CLUSTER;
        }

        /** The bits of an ID that are a set. */
        int set(int id) {
            return id & (1 << bits) - 1;
        }

        boolean sharesCluster(int one, int other) {
            return this == FLAT || one >>> bits == other >>> bits;
        }
    }

    private final List<Lapic> lapics;
    private final HostRules rules;

    /** @param lapics those that are on, in the order of their vCPUs */
    KvmLookup(List<Lapic> lapics, HostRules rules) {
        this.lapics = lapics;
        this.rules = rules;
    }

    /** Whom the table names; empty if KVM does not use it. */
    Optional<TargetVcpus> find(Destination destination, int vector, boolean lowest) {
        if (destination.shorthand() != Shorthand.NONE || destination.isBroadcast() || isWithoutTable()) {
            return Optional.empty();
        }
        if (!destination.isLogical()) {
            return Optional.of(TargetVcpus.of(physical(destination.id()), false));
        }
        List<Lapic> listed = lapics.stream().filter(KvmLookup::hasLogicalId).toList();
        List<Model> models = listed.stream().map(Model::of).distinct().toList();
        if (models.isEmpty() && !rules.has(Departure.ONE_LAPIC_FOR_EACH_ID)) {
            return Optional.of(TargetVcpus.of(List.of(), false));
        }
        if (models.size() != 1
                || !rules.has(Departure.ONE_LAPIC_FOR_EACH_ID) && !areDistinct(listed, models.getFirst())) {
            return Optional.empty();
        }
        Model model = models.getFirst();
        List<Optional<Lapic>> slots = model == Model.X2APIC ? slotsById(destination.id())
                : slots(listed, model, destination.id());
        return Optional.of(choose(slots, model.set(destination.id()), vector, lowest));
    }

    /** Since Linux 6.3, two LAPICs with the same ID. */
    private boolean isWithoutTable() {
        return !rules.has(Departure.ONE_LAPIC_FOR_EACH_ID)
                && lapics.stream().map(Lapic::id).distinct().count() < lapics.size();
    }

    /** Before Linux 6.3, the first of those with the ID; one in x2APIC mode comes before others. */
    private List<Lapic> physical(int id) {
        return lapics.stream()
                .filter(lapic -> lapic.id() == id)
                .min(Comparator.comparing(lapic -> !lapic.isX2apic()))
                .stream()
                .toList();
    }

    /** xAPICs that are software-disabled are not in the table of logical IDs, though they take NMIs, SMIs and INITs. */
    private static boolean hasLogicalId(Lapic lapic) {
        return lapic.isEnabled() && lapic.logicalId() != 0;
    }

    /** Since Linux 6.3, no table if a logical ID has several bits, or two LAPICs have the same. */
    private static boolean areDistinct(List<Lapic> listed, Model model) {
        return listed.stream().allMatch(lapic -> Integer.bitCount(model.set(lapic.logicalId())) <= 1)
                && listed.stream().map(Lapic::logicalId).distinct().count() == listed.size();
    }

    /** The LAPIC of each bit of a destination; before Linux 6.3 the last of those whose lowest bit it is. */
    private static List<Optional<Lapic>> slots(List<Lapic> listed, Model model, int id) {
        return IntStream.range(0, model.bits)
                .mapToObj(bit -> listed.stream()
                        .filter(lapic -> model.sharesCluster(lapic.logicalId(), id)
                                && Integer.numberOfTrailingZeros(model.set(lapic.logicalId())) == bit)
                        .reduce((_, last) -> last))
                .toList();
    }

    /** In x2APIC mode a logical ID follows from the APIC ID, and KVM looks into its table of these. */
    private List<Optional<Lapic>> slotsById(int destination) {
        int first = (destination >>> IN_X2APIC_CLUSTER) * IN_X2APIC_CLUSTER;
        return IntStream.range(0, Model.X2APIC.bits)
                .mapToObj(bit -> physical(first | bit).stream().findFirst())
                .toList();
    }

    /** With vector hashing, a bit that no LAPIC has may be selected: KVM drops the interrupt then. */
    private TargetVcpus choose(List<Optional<Lapic>> slots, int set, int vector, boolean lowest) {
        List<Integer> bits = IntStream.range(0, slots.size()).filter(bit -> (set & 1 << bit) != 0).boxed().toList();
        List<Lapic> named = bits.stream().map(slots::get).flatMap(Optional::stream).toList();
        if (!lowest || named.isEmpty()) {
            return TargetVcpus.of(named, false);
        }
        if (!rules.has(Departure.CHOICE_BY_VECTOR)) {
            return TargetVcpus.of(named, named.size() > 1);
        }
        return TargetVcpus.of(slots.get(bits.get(vector % bits.size())).stream().toList(), false);
    }
}
