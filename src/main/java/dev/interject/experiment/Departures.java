package dev.interject.experiment;

import java.util.ArrayList;
import java.util.List;

import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.Promise;
import dev.interject.interrupt.Gate;
import dev.interject.interrupt.GateKind;
import dev.interject.interrupt.Way;

/**
 * A way with what probes find of this host on it: where its KVM departs from the manuals, the gates are taken as they
 * are here, and that is said.
 *
 * @param notes one for each departure
 */
record Departures(Way way, List<String> notes) {

    static Departures on(Way way) {
        List<String> notes = new ArrayList<>();
        Way here = way;
        boolean throughLapic = way.gates().stream().anyMatch(gate -> gate.kind() == GateKind.LAPIC_ISR);
        if (throughLapic && Promise.LAPIC_IN_SERVICE.probe() instanceof Finding.Departs departs) {
            notes.add(note(Promise.LAPIC_IN_SERVICE, departs));
        }
        boolean noGate = way.gates()
                .stream()
                .filter(gate -> !gate.isOpen())
                .map(Gate::kind)
                .anyMatch(GateKind.GATE_TYPE::equals);
        if (noGate && Promise.GATE_TYPE.probe() instanceof Finding.Departs departs) {
            notes.add(note(Promise.GATE_TYPE, departs));
            here = way.withOpen(GateKind.GATE_TYPE, "a #GP by the manuals; this host does not look");
        }
        return new Departures(here, notes);
    }

    private static String note(Promise promise, Finding.Departs departs) {
        return "this host departs from the manuals (%s): by these %s; here %s".formatted(promise.title(),
                promise.says(), departs.evidence());
    }
}
