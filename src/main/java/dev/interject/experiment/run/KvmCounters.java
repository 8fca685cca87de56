package dev.interject.experiment.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;

/**
 * KVM's own counters beside the ledger ({@code KVM_GET_STATS_FD}): what they rose by between the first interrupt and
 * the last. Independent of the guest and of us; a disagreement is told, never smoothed over.
 *
 * @param rises by the kernel's names, those that say something of interrupts; empty where nothing was injected
 * @param path  decides which counter is about the run's interrupts
 * @param taken how many of that kind the guest's own handlers counted meanwhile
 */
public record KvmCounters(Map<String, Long> rises, Path path, long taken) {

    private static final String IRQ_INJECTIONS = "irq_injections";
    private static final String NMI_INJECTIONS = "nmi_injections";
    private static final String EXITS = "exits";

    private static final String[] TELLING = {IRQ_INJECTIONS, NMI_INJECTIONS, EXITS, "io_exits", "halt_exits",
        "irq_window_exits", "signal_exits", "request_irq_exits"};

    /**
     * One known reason: a signal or a host interrupt cancels an entry, and KVM injects and counts at the next
     * again.
     */
    private static final String CANCELLED_ENTRY = ": an entry that was cancelled is made, and counted, again";

    /** The other: what was in hand when the guest broke, no handler could count. */
    private static final String NOT_HANDLED = ": what the guest broke on has no handler that could count it";
    /** What APICv or AVIC delivers passes KVM by: it neither injects nor counts. */
    private static final String BY_HARDWARE = ": what the CPU delivers by itself (APICv, AVIC), KVM does not count";

    /** Nothing was injected, so nothing was counted. */
    static KvmCounters none() {
        return new KvmCounters(Map.of(), Path.LINE, 0);
    }

    static KvmCounters of(Path path, Map<String, Long> before, Map<String, Long> after, long taken) {
        Map<String, Long> rises = new LinkedHashMap<>();
        for (String name : TELLING) {
            if (before.containsKey(name) && after.containsKey(name)) {
                rises.put(name, after.get(name) - before.get(name));
            }
        }
        return new KvmCounters(rises, path, taken);
    }

    /** How many exits there were for each interrupt taken; empty where none was, or KVM does not count. */
    public OptionalDouble exitsPerInterrupt(Ledger ledger) {
        Long exits = rises.get(EXITS);
        return exits == null || ledger.taken() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) exits / ledger.taken());
    }

    /**
     * How many more injections KVM counted than the guest took; empty where KVM does not count. Above 0 has one known
     * reason: KVM makes, and counts, an injection again after a signal or a host interrupt has cancelled the entry.
     * Below 0 too: the CPU delivers by itself (APICv, AVIC), past KVM.
     */
    public OptionalLong surplus() {
        Long counted = rises.get(counter());
        return counted == null ? OptionalLong.empty() : OptionalLong.of(counted - taken);
    }

    private String counter() {
        return path == Path.NMI ? NMI_INJECTIONS : IRQ_INJECTIONS;
    }

    /**
     * Where KVM counted another number of interrupts than the guest did; empty where they agree, or KVM does not count.
     *
     * @param guestRuns whether the guest is well
     */
    Optional<String> disagreement(boolean guestRuns) {
        long surplus = surplus().orElse(0);
        if (surplus == 0) {
            return Optional.empty();
        }
        return Optional.of("KVM's %s rose by %,d, the guest took %,d%s".formatted(counter(), taken + surplus, taken,
                surplus < 0 ? BY_HARDWARE : guestRuns ? CANCELLED_ENTRY : NOT_HANDLED));
    }
}
