package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;

/**
 * Gates corrected by what probes find on this host.
 *
 * @param gates the gates; one that this host does not have is open
 * @param notes one line for each rule that this host breaks, or might break
 */
public record HostDepartures(GatePath gates, List<String> notes) {

    /** Runs the probes that these gates depend on. */
    public static HostDepartures on(GatePath gates) {
        List<String> notes = new ArrayList<>();
        GatePath corrected = gates;
        boolean throughLapic = gates.gates().stream().anyMatch(gate -> gate.kind() == GateKind.LAPIC_ISR);
        if (throughLapic) {
            Finding finding = ConformanceProbe.LAPIC_IN_SERVICE.probe();
            note(ConformanceProbe.LAPIC_IN_SERVICE, finding).ifPresent(notes::add);
        }
        boolean wrongType = gates.gates()
                .stream()
                .filter(gate -> !gate.isOpen())
                .map(Gate::kind)
                .anyMatch(GateKind.GATE_TYPE::equals);
        if (wrongType) {
            Finding finding = ConformanceProbe.GATE_TYPE.probe();
            note(ConformanceProbe.GATE_TYPE, finding).ifPresent(notes::add);
            if (finding instanceof Finding.Departs) {
                corrected = gates.withOpen(GateKind.GATE_TYPE, "a #GP by the manuals; this host does not check it");
            }
        }
        return new HostDepartures(corrected, notes);
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
