package dev.interject.experiment.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;

/**
 * Gates corrected by what probes find on this host.
 *
 * @param gates the gates; one that this host does not have is open
 * @param notes one line for each rule that this host breaks, or might break
 * @param rules those of this host, as far as the gates depend on them
 */
public record HostDepartures(GatePath gates, List<String> notes, HostRules rules) {

    /** The gates that some hosts do not have, since they do not check the rule. */
    private static final Map<GateKind, Departure> UNCHECKED = Map.of(
            GateKind.GATE_TYPE, Departure.UNCHECKED_GATE_TYPE,
            GateKind.SEGMENT_RIGHTS, Departure.UNCHECKED_SEGMENT_RIGHTS,
            GateKind.TSS_LIMIT, Departure.UNCHECKED_TSS_LIMIT,
            GateKind.RETURN_RIGHTS, Departure.UNCHECKED_RETURN_RIGHTS,
            GateKind.REAL_MODE_LIMIT, Departure.UNCHECKED_REAL_MODE_LIMIT,
            GateKind.STACK_LIMIT, Departure.UNCHECKED_STACK_LIMIT);

    /** The other departures, and those that may make a difference only together. */
    private static final List<Set<Departure>> OTHERS = Stream.concat(
            EnumSet.complementOf(EnumSet.copyOf(UNCHECKED.values())).stream().map(Set::of),
            Stream.of(Set.of(Departure.ONE_LAPIC_FOR_EACH_ID, Departure.CHOICE_BY_VECTOR)))
            .toList();

    private static final Map<ConformanceProbe, Finding> FOUND = new ConcurrentHashMap<>();

    /** The probe of the rule that a kind of gate stands for; empty if every host follows it. */
    public static Optional<ConformanceProbe> probeOf(GateKind kind) {
        return Optional.ofNullable(UNCHECKED.get(kind)).map(HostDepartures::probeOf);
    }

    /**
     * Runs the probes that the gates of a state depend on, and those that say what follows an interrupt.
     *
     * @param model what makes gates of a state
     */
    public static HostDepartures on(GuestState state, Function<GuestState, GatePath> model) {
        HostDepartures decisive = decisive(state, model);
        List<String> notes = new ArrayList<>(decisive.notes);
        if (decisive.gates.branches().stream().anyMatch(HostDepartures::passesALapic)) {
            departs(ConformanceProbe.LAPIC_IN_SERVICE, notes);
        }
        return new HostDepartures(decisive.gates, List.copyOf(notes), decisive.rules);
    }

    /** The same state, with this host's rules. */
    public static GuestState onThisHost(GuestState state, Function<GuestState, GatePath> model) {
        return state.with(rules(state, model, new ArrayList<>()));
    }

    /** The gates of a state, corrected by {@link #decisive}. */
    public static GatePath gates(GuestState state, Function<GuestState, GatePath> model) {
        return decisive(state, model).gates;
    }

    /**
     * Runs the probes that the gates of a state depend on; none if all are open whatever the host does.
     *
     * @param model what makes gates of a state
     */
    public static HostDepartures decisive(GuestState state, Function<GuestState, GatePath> model) {
        List<String> notes = new ArrayList<>();
        HostRules rules = rules(state, model, notes);
        GatePath gates = model.apply(state.with(rules));
        HostRules all = rules;
        for (GateKind kind : closed(gates)) {
            if (departs(probeOf(UNCHECKED.get(kind)), notes)) {
                all = all.with(UNCHECKED.get(kind));
            }
        }
        return new HostDepartures(all.equals(rules) ? gates : model.apply(state.with(all)), List.copyOf(notes), all);
    }

    private static boolean passesALapic(Branch branch) {
        return branch.isAccepted() && branch.gates().stream().anyMatch(gate -> gate.kind() == GateKind.LAPIC_ISR);
    }

    private static List<GateKind> closed(GatePath gates) {
        return gates.branches()
                .stream()
                .flatMap(branch -> branch.gates().stream())
                .filter(gate -> !gate.isOpen())
                .map(Gate::kind)
                .filter(UNCHECKED::containsKey)
                .distinct()
                .toList();
    }

    /** The rules of this host; they are probed only where they make a difference. */
    private static HostRules rules(GuestState state, Function<GuestState, GatePath> model, List<String> notes) {
        HostRules rules = state.hostRules(); // those that were found before
        Set<Departure> asked = EnumSet.noneOf(Departure.class);
        GatePath path = model.apply(state.with(rules.naming(asked::add)));
        for (Set<Departure> departures : OTHERS) {
            if (Collections.disjoint(departures, asked)) {
                continue; // the gates would be the same, and making them takes longer than an interrupt
            }
            GatePath departing = model.apply(state.with(with(rules, departures).naming(asked::add)));
            if (!departing.equals(path)) {
                Set<Departure> found = EnumSet.copyOf(departures);
                found.removeIf(departure -> !departs(probeOf(departure), notes));
                rules = with(rules, found);
                path = found.equals(departures) ? departing : model.apply(state.with(rules.naming(asked::add)));
            }
        }
        return rules;
    }

    private static HostRules with(HostRules rules, Set<Departure> departures) {
        HostRules all = rules;
        for (Departure departure : departures) {
            all = all.with(departure);
        }
        return all;
    }

    /** The probe that finds a departure. */
    public static ConformanceProbe probeOf(Departure departure) {
        return switch (departure) {
            case ONE_LAPIC_FOR_EACH_ID -> ConformanceProbe.LAPIC_DESTINATION;
            case CHOICE_BY_VECTOR -> ConformanceProbe.LOWEST_PRIORITY;
            case NO_SMI -> ConformanceProbe.SMI;
            case NO_EXTERNAL_BIT -> ConformanceProbe.ERROR_CODE_EXT;
            case DOUBLED_INDEX -> ConformanceProbe.ERROR_CODE_INDEX;
            case NP_FOR_ABSENT_STACK -> ConformanceProbe.RETURN_ABSENT_STACK;
            case ANY_NULL_STACK -> ConformanceProbe.RETURN_NULL_STACK;
            case UNCHECKED_GATE_TYPE -> ConformanceProbe.GATE_TYPE;
            case UNCHECKED_SEGMENT_RIGHTS -> ConformanceProbe.SEGMENT_RIGHTS;
            case UNCHECKED_TSS_LIMIT -> ConformanceProbe.TSS_LIMIT;
            case UNCHECKED_RETURN_RIGHTS -> ConformanceProbe.RETURN_RIGHTS;
            case UNCHECKED_REAL_MODE_LIMIT -> ConformanceProbe.REAL_MODE_LIMIT;
            case UNCHECKED_STACK_LIMIT -> ConformanceProbe.STACK_LIMIT;
        };
    }

    private static boolean departs(ConformanceProbe probe, List<String> notes) {
        Finding finding = find(probe);
        note(probe, finding).filter(note -> !notes.contains(note)).ifPresent(notes::add);
        return finding instanceof Finding.Departs;
    }

    /** Each probe once: a host does not change its rules. One that was inconclusive is tried again. */
    public static Finding find(ConformanceProbe probe) {
        Finding known = FOUND.get(probe);
        if (known != null) {
            return known;
        }
        Finding found = probe.probe();
        if (!(found instanceof Finding.Inconclusive)) {
            FOUND.put(probe, found);
        }
        return found;
    }

    private static Optional<String> note(ConformanceProbe probe, Finding finding) {
        return switch (finding) {
            case Finding.Kept _ -> Optional.empty();
            case Finding.Departs departs -> Optional.of(
                    "this host departs from the manuals (%s): the rule is that %s; on this host, %s".formatted(
                            probe.title(), probe.rule(), departs.evidence()));
            case Finding.Inconclusive inconclusive -> Optional.of(
                    "it is unknown whether this host follows the rule (%s) that %s: the probe failed: %s"
                            .formatted(probe.title(), probe.rule(), inconclusive.evidence()));
        };
    }
}
