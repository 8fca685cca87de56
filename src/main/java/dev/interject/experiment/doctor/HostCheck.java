package dev.interject.experiment.doctor;

import java.util.List;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.linux.error.SystemCallException;

/**
 * One thing that was checked or tried on the host.
 *
 * @param required whether {@code interject run} needs it
 * @param detail   the result in one line
 * @param fixes    possible fixes, the likeliest first; empty if nothing is wrong or no fix is known
 */
public record HostCheck(HostArea area, String name, HostStatus status, boolean required, String detail,
        List<HostFix> fixes) {

    static HostCheck ok(HostArea area, String name, String detail) {
        return new HostCheck(area, name, HostStatus.OK, true, detail, List.of());
    }

    static HostCheck note(HostArea area, String name, String detail) {
        return new HostCheck(area, name, HostStatus.NOTE, false, detail, List.of());
    }

    static HostCheck missing(HostArea area, String name, String detail, List<HostFix> fixes) {
        return new HostCheck(area, name, HostStatus.MISSING, true, detail, fixes);
    }

    /** The finding of a probe, which never prevents a run. */
    static HostCheck of(ConformanceProbe probe, Finding finding) {
        HostStatus status = switch (finding) {
            case Finding.Kept _ -> HostStatus.OK;
            case Finding.Departs _ -> HostStatus.DEPARTS;
            case Finding.Inconclusive _ -> HostStatus.NOTE;
        };
        String detail = switch (finding) {
            case Finding.Kept kept -> kept.evidence();
            case Finding.Departs departs -> "departs: %s; so: %s".formatted(departs.evidence(), probe.consequence());
            case Finding.Inconclusive inconclusive -> "unknown: " + inconclusive.evidence();
        };
        return new HostCheck(HostArea.DEPARTURES, probe.title(), status, false, detail, List.of());
    }

    /** The same check, marked as not required. */
    HostCheck optional() {
        return new HostCheck(area, name, status, false, detail, fixes);
    }

    static HostCheck failed(HostArea area, String name, String detail, List<HostFix> fixes) {
        return new HostCheck(area, name, HostStatus.FAILED, true, detail, fixes);
    }

    static HostCheck failed(HostArea area, String name, SystemCallException failure, HostFacts facts) {
        // a check named after the call does not repeat the name
        String detail = failure.call().equals(name) ? failure.errno().toString() : failure.getMessage();
        return failed(area, name, detail, HostFixes.of(failure, facts));
    }

    /** Whether this prevents Interject from running on this host. */
    public boolean prevents() {
        return required && isBad();
    }

    /** Whether it is missing or failed, required or not. */
    public boolean isBad() {
        return status == HostStatus.MISSING || status == HostStatus.FAILED;
    }
}
