package dev.interject.experiment.explain;

import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;

/** Where this host departs from the manuals, as probes of this run find it. */
public final class RulesOfTheHost {

    private static final HostRules FOUND = find();

    private RulesOfTheHost() {}

    private static HostRules find() {
        HostRules rules = HostRules.OF_THE_MANUALS;
        for (Departure departure : Departure.values()) {
            if (HostDepartures.probeOf(departure).probe() instanceof Finding.Departs) {
                rules = rules.with(departure);
            }
        }
        return rules;
    }

    public static HostRules found() {
        return FOUND;
    }
}
