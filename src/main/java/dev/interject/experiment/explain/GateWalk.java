package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;

import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.machine.Machine;

/**
 * Walks the gates of an interrupt for a frozen guest.
 *
 * @param target     what would be injected
 * @param isTargeted whether the target vCPU is given; otherwise it is whom the interrupt is addressed to
 */
record GateWalk(ExplainedInterrupt interrupt, ResolvedInjection target, boolean isTargeted) {

    /** The explanation, with what probes find on this host. */
    Explanation explain(Machine machine, GuestState state, List<String> settingNotes) {
        return explain(HostDepartures.on(state, this::gatePath), state, machine::symbolAt, settingNotes);
    }

    /** The explanation by the rules that a state names. */
    Explanation explain(GuestState state, List<String> notes) {
        HostRules rules = state.hostRules();
        String followed = rules.departures().isEmpty()
                ? "the rules are those of the manuals: the state names no departures of its host (hostRules)"
                : "the rules are those of the manuals with the departures that the state names (hostRules): "
                        + String.join(", ", rules.labels());
        return explain(new HostDepartures(gatePath(state), List.of(followed), rules), state, _ -> "", notes);
    }

    private Explanation explain(HostDepartures departures, GuestState state, LongFunction<String> symbols,
            List<String> notes) {
        GatePath gates = departures.gates();
        GuestState here = state.with(departures.rules());
        GuestState seen = isTargeted ? here
                : gates.main().map(branch -> here.seenBy(branch.to().vcpu())).orElse(here);
        return new Explanation(interrupt, target.pullsLine() ? OptionalInt.of(target.line()) : OptionalInt.empty(),
                seen, GuestPosition.of(seen.cpu(), symbols), gates, departures.notes(), notes,
                target.takesNmis(), handler(symbols, seen, gates));
    }

    /** Where the target is open, those of the vCPU that the interrupt is addressed to. */
    GatePath gatePath(GuestState state) {
        ResolvedInjection addressed = isTargeted ? target : target.addressedIn(state);
        return addressed.gatePath(state.seenBy(addressed.vcpu()));
    }

    private static Optional<String> handler(LongFunction<String> symbols, GuestState state, GatePath gates) {
        if (!gates.leadsToAVector()) {
            return Optional.empty();
        }
        IdtEntry entry = IdtEntry.of(state.cpu(), gates.vector());
        String symbol = symbols.apply(entry.handler());
        return entry.isUsable()
                ? Optional.of(symbol.isEmpty() ? "0x" + Long.toHexString(entry.handler()) : symbol)
                : Optional.empty();
    }
}
