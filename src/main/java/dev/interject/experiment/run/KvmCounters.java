package dev.interject.experiment.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.Route;

/**
 * KVM's own counters ({@code KVM_GET_STATS_FD}), beside the ledger: their increase from before the first interrupt
 * until after the last. They depend neither on the guest nor on Interject; a disagreement is reported unchanged.
 *
 * @param rises  the increase, by the kernel's names, of those about interrupts; empty if nothing was injected
 * @param path   decides which counter is about the run's interrupts
 * @param of8259 whether the interrupts come from the 8259s in the kernel
 * @param taken  how many of that kind the guest's own handlers counted in that time
 */
public record KvmCounters(Map<String, Long> rises, Route path, boolean of8259, long taken) {

    private static final String EXITS = "exits";

    private static final String[] SHOWN = {"irq_injections", "nmi_injections", EXITS, "io_exits", "halt_exits",
        "irq_window_exits", "signal_exits", "request_irq_exits"};

    /**
     * Reading the vector from the 8259s in the kernel requests {@code KVM_REQ_EVENT} (pic_unlock in i8259.c), and a
     * request cancels the entry with which KVM was about to deliver it. The tracepoint kvm_inj_virq shows each such
     * interrupt twice, the second time as reinjected.
     */
    private static final String OF_THE_8259 = ": reading a vector from the 8259s in the kernel cancels the VM entry"
            + " that is to deliver it; KVM injects again, and counts that";
    /** A signal, an interrupt of the host or a page fault during delivery: KVM injects again, and counts that. */
    private static final String REPEATED = ": KVM injects again, and counts that, after a cancelled VM entry or an exit"
            + " during delivery";
    /** No handler counted what was being delivered when the guest crashed. */
    private static final String NOT_HANDLED = ": no handler counted the one on which the guest crashed";
    /** KVM neither injects nor counts what APICv or AVIC delivers. */
    private static final String BY_HARDWARE = ": KVM does not count what the CPU delivers by itself (APICv, AVIC)";

    /** Nothing was injected, so nothing was counted. */
    public static KvmCounters none() {
        return new KvmCounters(Map.of(), Route.LINE, false, 0);
    }

    static KvmCounters between(Route path, boolean of8259, Snapshot begin, Snapshot end) {
        return new KvmCounters(rises(begin.statistics(), end.statistics()), path, of8259,
                taken(path, end) - taken(path, begin));
    }

    /**
     * By how much the counters about interrupts rose.
     *
     * @param before by the kernel's names
     */
    public static Map<String, Long> rises(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> rises = new LinkedHashMap<>();
        for (String name : SHOWN) {
            if (before.containsKey(name) && after.containsKey(name)) {
                rises.put(name, after.get(name) - before.get(name));
            }
        }
        return rises;
    }

    /** All that the guest took of the kind that KVM counts, also what the run did not request. */
    private static long taken(Route path, Snapshot snapshot) {
        return path.isMaskable() ? snapshot.interrupts() : snapshot.nmis();
    }

    /** How many exits there were for each interrupt taken; empty if none was, or KVM does not count exits. */
    public OptionalDouble exitsPerInterrupt(Ledger ledger) {
        Long exits = rises.get(EXITS);
        return exits == null || ledger.taken() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) exits / ledger.taken());
    }

    /**
     * How many more injections KVM counted than the guest took; empty if KVM does not count them. Above 0: KVM injects
     * again, and counts that, when something has cancelled the VM entry. Below 0: the CPU delivers by itself (APICv,
     * AVIC).
     */
    public OptionalLong surplus() {
        Long counted = rises.get(path.counter());
        return counted == null ? OptionalLong.empty() : OptionalLong.of(counted - taken);
    }

    /**
     * A note if KVM and the guest counted different numbers of interrupts.
     *
     * @param guestRuns whether the guest did not crash
     */
    Optional<String> disagreement(boolean guestRuns) {
        long surplus = surplus().orElse(0);
        if (surplus == 0) {
            return Optional.empty();
        }
        return Optional
                .of("KVM's %s rose by %,d, the guest took %,d%s".formatted(path.counter(), taken + surplus, taken,
                        surplus < 0 ? BY_HARDWARE : repeats(surplus, guestRuns)));
    }

    private String repeats(long surplus, boolean guestRuns) {
        if (!guestRuns && surplus == 1) {
            return NOT_HANDLED;
        }
        return of8259 && surplus >= taken ? OF_THE_8259 : REPEATED;
    }
}
