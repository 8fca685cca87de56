package dev.interject.interrupt.state;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where this host's KVM departs from the Intel SDM in what it does with an interrupt. Probes find it.
 *
 * @param departures all that are known
 */
public record HostRules(Set<Departure> departures) {

    /** A rule of the manuals that a host does not follow. */
    public enum Departure {
        /**
         * Of the LAPICs with the same ID, or the same bit of a logical ID, it finds one, and a logical ID of several
         * bits by its lowest bit only (before Linux 6.3).
         */
        ONE_LAPIC_FOR_EACH_ID,
        /**
         * Of several LAPICs, the vector selects the one that takes a lowest-priority interrupt, not its priority (the
         * module parameter vector_hashing).
         */
        CHOICE_BY_VECTOR,
        /** A system-management interrupt has no effect (without CONFIG_KVM_SMM, or on a back-end without SMM). */
        NO_SMI,
        /** An error code has EXT = 0 where the fault occurs during the delivery of an event. */
        NO_EXTERNAL_BIT,
        /** In long mode, an error code about an IDT entry has twice the vector as its index (QEMU before 8.0). */
        DOUBLED_INDEX,
        /** IRET raises #NP, not #SS, for an SS that is not present (emulated CPUs). */
        NP_FOR_ABSENT_STACK,
        /** In 64-bit mode, IRET to ring 0 to 2 takes a null SS whatever its RPL is (emulated CPUs). */
        ANY_NULL_STACK,
        /** The type of an IDT entry is not checked (emulated CPUs). */
        UNCHECKED_GATE_TYPE,
        /** Type, privilege and presence of a handler's code segment are not checked (emulated CPUs). */
        UNCHECKED_SEGMENT_RIGHTS,
        /** The limit of the TSS is not checked where a stack is read from it (emulated CPUs). */
        UNCHECKED_TSS_LIMIT,
        /** IRET does not check the types of the segments that it loads (emulated CPUs). */
        UNCHECKED_RETURN_RIGHTS,
        /** The limit of real mode's vector table is not checked (emulated CPUs). */
        UNCHECKED_REAL_MODE_LIMIT,
        /** The limit of the stack segment is not checked for what an interrupt pushes (emulated CPUs). */
        UNCHECKED_STACK_LIMIT;

        /** The word in text and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Those of the Intel SDM. */
    public static final HostRules OF_THE_MANUALS = new HostRules(Set.of());

    public HostRules {
        departures = departures instanceof NamingSet ? departures : Set.copyOf(departures);
    }

    /** The same rules, which name each departure that is looked up: no other makes a difference. */
    public HostRules naming(Consumer<Departure> listener) {
        return new HostRules(new NamingSet(departures, listener));
    }

    /** The departures as words, in a fixed order. */
    public List<String> labels() {
        return departures.stream().sorted().map(Departure::label).toList();
    }

    /** Whether the host departs there. */
    public boolean has(Departure departure) {
        return departures.contains(departure);
    }

    /** The rules of a host that departs there, too. */
    public HostRules with(Departure departure) {
        EnumSet<Departure> all = EnumSet.of(departure);
        all.addAll(departures);
        return new HostRules(all);
    }
}
