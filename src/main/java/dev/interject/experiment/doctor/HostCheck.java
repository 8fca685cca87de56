package dev.interject.experiment.doctor;

import java.util.List;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.linux.error.SystemCallException;

/**
 * One thing that was looked at, or tried, on the host.
 *
 * @param required whether {@code interject run} cannot do without it
 * @param detail   what was found, in one line
 * @param fixes    what helps, the likeliest first; empty where nothing is wrong, or nothing is to be advised
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

    /** What a probe found; never a reason not to run. */
    static HostCheck of(ConformanceProbe promise, Finding finding) {
        HostStatus status = switch (finding) {
            case Finding.Kept kept -> HostStatus.OK;
            case Finding.Departs departs -> HostStatus.DEPARTS;
            case Finding.Inconclusive untold -> HostStatus.NOTE;
        };
        String detail = switch (finding) {
            case Finding.Kept kept -> kept.evidence();
            case Finding.Departs departs -> "departs: %s; so: %s".formatted(departs.evidence(), promise.consequence());
            case Finding.Inconclusive untold -> "could not be told: " + untold.evidence();
        };
        return new HostCheck(HostArea.DEPARTURES, promise.title(), status, false, detail, List.of());
    }

    /** The same of something that runs can do without. */
    HostCheck optional() {
        return new HostCheck(area, name, status, false, detail, fixes);
    }

    static HostCheck failed(HostArea area, String name, String detail, List<HostFix> fixes) {
        return new HostCheck(area, name, HostStatus.FAILED, true, detail, fixes);
    }

    static HostCheck failed(HostArea area, String name, SystemCallException failure, HostFacts facts) {
        // a check that is named after the call need not say it twice
        String detail = failure.call().equals(name) ? failure.errno().toString() : failure.getMessage();
        return failed(area, name, detail, HostFixes.of(failure, facts));
    }

    /** Whether this keeps Interject from running here. */
    public boolean prevents() {
        return required && isBad();
    }

    /** Whether something is missing or failed, needed or not. */
    public boolean isBad() {
        return status == HostStatus.MISSING || status == HostStatus.FAILED;
    }
}
