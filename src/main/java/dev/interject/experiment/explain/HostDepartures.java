package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;

/**
 * A way with what probes find of this host on it: where its KVM departs from the manuals, the gates are taken as they
 * are here, and that is said.
 *
 * @param notes one for each departure
 */
public record HostDepartures(GatePath way, List<String> notes) {

    public static HostDepartures on(GatePath way) {
        List<String> notes = new ArrayList<>();
        GatePath here = way;
        boolean throughLapic = way.gates().stream().anyMatch(gate -> gate.kind() == GateKind.LAPIC_ISR);
        if (throughLapic && ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Departs departs) {
            notes.add(note(ConformanceProbe.LAPIC_IN_SERVICE, departs));
        }
        boolean noGate = way.gates()
                .stream()
                .filter(gate -> !gate.isOpen())
                .map(Gate::kind)
                .anyMatch(GateKind.GATE_TYPE::equals);
        if (noGate && ConformanceProbe.GATE_TYPE.probe() instanceof Finding.Departs departs) {
            notes.add(note(ConformanceProbe.GATE_TYPE, departs));
            here = way.withOpen(GateKind.GATE_TYPE, "a #GP by the manuals; this host does not look");
        }
        return new HostDepartures(here, notes);
    }

    private static String note(ConformanceProbe promise, Finding.Departs departs) {
        return "this host departs from the manuals (%s): by these %s; here %s".formatted(promise.title(),
                promise.rule(), departs.evidence());
    }
}
