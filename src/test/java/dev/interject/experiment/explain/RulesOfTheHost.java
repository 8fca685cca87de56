package dev.interject.experiment.explain;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.interrupt.state.DestinationRules;

/** In whom a message or IPI reaches, this host departs from the manuals as probes of this run find it. */
public final class RulesOfTheHost {

    private static final DestinationRules FOUND = new DestinationRules(departs(ConformanceProbe.LAPIC_DESTINATION),
            departs(ConformanceProbe.LOWEST_PRIORITY));

    private RulesOfTheHost() {}

    private static boolean departs(ConformanceProbe probe) {
        return probe.probe() instanceof Finding.Departs;
    }

    public static DestinationRules found() {
        return FOUND;
    }
}
