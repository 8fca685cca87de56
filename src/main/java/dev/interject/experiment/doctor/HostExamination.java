package dev.interject.experiment.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * Examines whether this host can run Interject: reads the kernel's files about the host, tries everything that a run
 * needs on {@code /dev/kvm}, and probes where KVM departs from the manuals.
 */
public final class HostExamination {

    private static final String ARCHITECTURE = "amd64";

    private final HostFacts facts;
    private final List<HostCheck> checks = new ArrayList<>();
    private Map<Capability, Integer> capabilities = Map.of();
    private final Map<ConformanceProbe, Finding> findings = new EnumMap<>(ConformanceProbe.class);

    private HostExamination(HostFacts facts) {
        this.facts = facts;
    }

    /** Examines this host, in about half a second. It leaves nothing behind and reports every failure as a check. */
    public static HostReport examine() {
        return examine(HostFacts.read(Path.of("/")));
    }

    static HostReport examine(HostFacts facts) {
        return new HostExamination(facts).run();
    }

    private HostReport run() {
        checkHost();
        if (nothingPrevents()) {
            checkKvm();
        }
        return new HostReport(facts.backend(), List.copyOf(checks), capabilities, findings);
    }

    private boolean nothingPrevents() {
        return checks.stream().noneMatch(HostCheck::prevents);
    }

    private void checkHost() {
        checks.add(HostCheck.note(HostArea.HOST, "kernel", facts.kernel()));
        checks.add(HostCheck.note(HostArea.HOST, "Java",
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")"));
        checks.add(HostCheck.note(HostArea.HOST, "user", facts.user().toString()));
        facts.containerMarker()
                .ifPresent(marker -> checks.add(HostCheck.note(HostArea.HOST, "container", "found " + marker)));
        checks.add(architecture());
        checks.add(virtualization());
        checks.add(HostCheck.note(HostArea.HOST, "back-end",
                facts.backend().map(HostBackend::toString).orElse("unknown: no /sys/module/kvm_*")));
    }

    private HostCheck architecture() {
        return facts.architecture().equals(ARCHITECTURE)
                ? HostCheck.ok(HostArea.HOST, "CPU", "x86-64, " + facts.cpuVendor())
                : HostCheck.missing(HostArea.HOST, "CPU", facts.architecture() + ", not x86-64",
                        List.of(HostFix.of("use an x86-64 host: the guests are x86")));
    }

    private HostCheck virtualization() {
        String name = "CPU virtualization";
        if (facts.cannotVirtualize()) {
            return HostCheck.missing(HostArea.HOST, name, "no vmx or svm flag in /proc/cpuinfo, and no /dev/kvm",
                    HostFixes.noVirtualization(facts));
        }
        Optional<String> flag = facts.virtualizationFlag();
        return flag.isPresent()
                ? HostCheck.ok(HostArea.HOST, name, "CPU flag " + flag.get())
                : HostCheck.note(HostArea.HOST, name, "no vmx or svm flag; KVM works without it");
    }

    private void checkKvm() {
        Optional<String> mismatch = facts.deviceMismatch();
        if (mismatch.isPresent()) { // checked before it is opened: opening another device may have effects
            checks.add(HostCheck.failed(HostArea.HOST, HostFixes.OPEN, mismatch.get(), HostFixes.notTheDevice(facts)));
            return;
        }
        try (Kvm kvm = Kvm.open()) {
            checks.add(HostCheck.ok(HostArea.HOST, HostFixes.OPEN,
                    facts.device().map(HostDevice::toString).orElse("opened")));
            HostProbe probe = new HostProbe(kvm, facts, checks);
            if (probe.apiIsStable()) {
                capabilities = probe.checkCapabilities();
            }
            if (nothingPrevents()) {
                probe.tryMachines();
            }
            if (nothingPrevents()) {
                probeConformance();
            }
        } catch (SystemCallException failed) {
            checks.add(opening(failed, facts));
        }
    }

    private void probeConformance() {
        for (ConformanceProbe probe : ConformanceProbe.values()) {
            try {
                Finding finding = probe.probe();
                findings.put(probe, finding);
                checks.add(HostCheck.of(probe, finding));
            } catch (SystemCallException failed) {
                checks.add(HostCheck.failed(HostArea.DEPARTURES, probe.title(), failed, facts));
            }
        }
    }

    /** The check for a device that could not be opened. */
    static HostCheck opening(SystemCallException failed, HostFacts facts) {
        int errno = failed.errno().number();
        HostStatus status = errno == Errno.ENOENT ? HostStatus.MISSING : HostStatus.FAILED;
        String owner = errno == Errno.EACCES ? facts.device().map(device -> "; " + device).orElse("") : "";
        return new HostCheck(HostArea.HOST, HostFixes.OPEN, status, true, failed.errno() + owner,
                HostFixes.of(failed, facts));
    }
}
